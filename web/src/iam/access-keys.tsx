import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client";
import type { IamAccessKey, IamAccessKeyMetadata } from "../api/types";
import { useAction } from "../common/action";
import { ConfirmDelete } from "../common/confirm-delete";
import { Failure } from "../common/failure";
import { Guarded, useGuardedItems } from "../common/guard";
import { notify } from "../common/notices";
import { Nothing } from "../common/paged-table";
import { ShowAsCode } from "../common/show-code";
import { ago } from "../common/times";
import { t } from "../strings/en";
import { NewKey } from "./new-key";
import { RotateKey } from "./rotate-key";

const s = t.iam.keys;

export interface KeyRow extends IamAccessKeyMetadata {
  lastUsed?: string;
  lastService?: string;
}

/** A user's keys with when they were last used; without `user` those of whoever is signed in. */
export function useKeys(user: string | undefined) {
  return useQuery({
    queryKey: ["keys", user ?? ""],
    queryFn: async () => {
      const keys = (await call("iam", "ListAccessKeys", user === undefined ? {} : { UserName: user }))
        .AccessKeyMetadata;
      return Promise.all(keys.map(withLastUse));
    },
  });
}

async function withLastUse(key: IamAccessKeyMetadata): Promise<KeyRow> {
  try {
    const { AccessKeyLastUsed: last } = await call("iam", "GetAccessKeyLastUsed", {
      AccessKeyId: key.AccessKeyId ?? "",
    });
    return { ...key, lastUsed: last?.LastUsedDate, lastService: last?.ServiceName };
  } catch {
    return key; // Whoever may list keys need not be allowed to see their use.
  }
}

type Dialog = { kind: "delete" | "rotate"; key: KeyRow } | null;

export function AccessKeys({ user }: { user?: string }) {
  const query = useKeys(user);
  const action = useAction();
  const [created, setCreated] = useState<IamAccessKey | null>(null);
  const [dialog, setDialog] = useState<Dialog>(null);
  const keys = query.data ?? [];
  const who = user === undefined ? {} : { UserName: user };

  const create = () => action.run(async () => setCreated((await call("iam", "CreateAccessKey", who)).AccessKey));
  const set = (key: KeyRow, Status: "Active" | "Inactive") =>
    action.run(async () => {
      await call("iam", "UpdateAccessKey", { ...who, AccessKeyId: key.AccessKeyId ?? "", Status });
      notify(
        "success",
        Status === "Active" ? s.activated(key.AccessKeyId ?? "") : s.deactivated(key.AccessKeyId ?? ""),
      );
    });
  const createButton = (
    <Guarded
      needs="iam:CreateAccessKey"
      disabled={keys.length >= 2}
      disabledReason={keys.length >= 2 ? s.two : undefined}
      loading={action.busy}
      onClick={() => void create()}
    >
      {s.create}
    </Guarded>
  );
  return (
    <SpaceBetween size="s">
      <Failure error={action.error} onDismiss={action.clear} />
      <Table
        items={keys}
        trackBy="AccessKeyId"
        loading={query.isLoading}
        loadingText={t.table.loading}
        ariaLabels={{ tableLabel: s.title }}
        header={
          <Header variant="h2" counter={`(${keys.length})`} description={s.description} actions={createButton}>
            {s.title}
          </Header>
        }
        empty={
          query.error === null ? (
            <Nothing title={s.empty} help={s.emptyHelp} />
          ) : (
            <Failure error={query.error} onRetry={() => void query.refetch()} />
          )
        }
        columnDefinitions={[
          { id: "id", header: s.id, isRowHeader: true, cell: (key) => key.AccessKeyId },
          {
            id: "status",
            header: s.status,
            cell: (key) => (
              <StatusIndicator type={key.Status === "Active" ? "success" : "stopped"}>
                {key.Status === "Active" ? s.active : s.inactive}
              </StatusIndicator>
            ),
          },
          { id: "used", header: s.lastUsed, cell: (key) => ago(key.lastUsed) },
          { id: "service", header: s.service, cell: (key) => key.lastService ?? t.time.none },
          { id: "age", header: s.age, cell: (key) => ago(key.CreateDate) },
          {
            id: "actions",
            header: s.actions,
            cell: (key) => (
              <KeyActions
                keyRow={key}
                full={keys.length >= 2}
                onSet={(to) => void set(key, to)}
                onDialog={(kind) => setDialog({ kind, key })}
              />
            ),
          },
        ]}
      />
      <ShowAsCode calls={[{ service: "iam", operation: "CreateAccessKey", input: who }]} />
      {created !== null && <NewKey accessKey={created} onDone={() => setCreated(null)} />}
      {dialog?.kind === "rotate" && (
        <RotateKey user={user} old={dialog.key.AccessKeyId ?? ""} onDone={() => setDialog(null)} />
      )}
      {dialog?.kind === "delete" && (
        <ConfirmDelete
          title={s.deleteTitle}
          word={dialog.key.AccessKeyId ?? ""}
          calls={[
            {
              service: "iam",
              operation: "DeleteAccessKey",
              input: { ...who, AccessKeyId: dialog.key.AccessKeyId ?? "" },
            },
          ]}
          run={() => call("iam", "DeleteAccessKey", { ...who, AccessKeyId: dialog.key.AccessKeyId ?? "" })}
          onDone={() => {
            notify("success", s.deleted(dialog.key.AccessKeyId ?? ""));
            setDialog(null);
          }}
          onCancel={() => setDialog(null)}
        >
          {s.deleteHelp(dialog.key.AccessKeyId ?? "")}
        </ConfirmDelete>
      )}
    </SpaceBetween>
  );
}

interface KeyActionsProps {
  keyRow: KeyRow;
  full: boolean;
  onSet: (status: "Active" | "Inactive") => void;
  onDialog: (kind: "delete" | "rotate") => void;
}

function KeyActions({ keyRow, full, onSet, onDialog }: KeyActionsProps) {
  const active = keyRow.Status === "Active";
  const items = useGuardedItems([
    active
      ? { id: "deactivate", text: s.deactivate, needs: "iam:UpdateAccessKey" }
      : { id: "activate", text: s.activate, needs: "iam:UpdateAccessKey" },
    { id: "rotate", text: s.rotate, needs: "iam:CreateAccessKey", disabled: full, disabledReason: s.two },
    {
      id: "delete",
      text: s.delete,
      needs: "iam:DeleteAccessKey",
      disabled: active,
      disabledReason: s.mustBeInactive,
    },
  ]);
  return (
    <ButtonDropdown
      expandToViewport
      ariaLabel={`${s.actions}: ${keyRow.AccessKeyId}`}
      items={items}
      onItemClick={({ detail }) => {
        if (detail.id === "activate") onSet("Active");
        else if (detail.id === "deactivate") onSet("Inactive");
        else onDialog(detail.id as "delete" | "rotate");
      }}
    >
      {s.actions}
    </ButtonDropdown>
  );
}
