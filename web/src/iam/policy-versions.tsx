import Badge from "@cloudscape-design/components/badge";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client";
import type { IamPolicyVersion } from "../api/types";
import { useAction } from "../common/action";
import type { Spoken } from "../common/as-code";
import { ConfirmDelete } from "../common/confirm-delete";
import { Failure } from "../common/failure";
import { Guarded } from "../common/guard";
import { notify } from "../common/notices";
import { ShowAsCode } from "../common/show-code";
import { moment } from "../common/times";
import { t } from "../strings/en";

const s = t.iam.policies;

export function PolicyVersions({ arn, own }: { arn: string; own: boolean }) {
  const action = useAction();
  const [selected, setSelected] = useState<IamPolicyVersion[]>([]);
  const query = useQuery({
    queryKey: ["versions", arn],
    queryFn: async () => (await call("iam", "ListPolicyVersions", { PolicyArn: arn })).Versions ?? [],
  });
  const VersionId = selected[0]?.VersionId ?? "";
  const idle = selected[0] === undefined || selected[0].IsDefaultVersion === true;
  const [deleting, setDeleting] = useState(false);
  const told = (text: string) => {
    notify("success", text);
    setSelected([]);
    setDeleting(false);
  };
  const makeDefault = async () => {
    if (await action.run(() => call("iam", "SetDefaultPolicyVersion", { PolicyArn: arn, VersionId })))
      told(s.madeDefault(VersionId));
  };
  const say = (operation: string): Spoken[] => [{ service: "iam", operation, input: { PolicyArn: arn, VersionId } }];
  return (
    <SpaceBetween size="s">
      <Failure error={action.error} onDismiss={action.clear} />
      <Table
        items={query.data ?? []}
        trackBy="VersionId"
        loading={query.isLoading}
        loadingText={t.table.loading}
        selectionType={own ? "single" : undefined}
        selectedItems={selected}
        onSelectionChange={({ detail }) => setSelected(detail.selectedItems)}
        ariaLabels={{
          tableLabel: s.versions,
          selectionGroupLabel: s.versions,
          itemSelectionLabel: (_, version) => t.table.select(version.VersionId ?? ""),
        }}
        header={
          <Header
            variant="h2"
            counter={`(${query.data?.length ?? 0})`}
            actions={
              own && (
                <SpaceBetween direction="horizontal" size="xs">
                  <Guarded needs="iam:DeletePolicyVersion" disabled={idle} onClick={() => setDeleting(true)}>
                    {s.deleteVersion}
                  </Guarded>
                  <Guarded
                    needs="iam:SetDefaultPolicyVersion"
                    disabled={idle}
                    loading={action.busy}
                    onClick={() => void makeDefault()}
                  >
                    {s.setDefault}
                  </Guarded>
                </SpaceBetween>
              )
            }
          >
            {s.versions}
          </Header>
        }
        empty={<Failure error={query.error} />}
        columnDefinitions={[
          {
            id: "version",
            header: s.version,
            isRowHeader: true,
            cell: (version) => (
              <>
                {version.VersionId} {version.IsDefaultVersion && <Badge color="blue">{s.isDefault}</Badge>}
              </>
            ),
          },
          { id: "created", header: t.iam.created, cell: (version) => moment(version.CreateDate) },
        ]}
      />
      {own && <ShowAsCode calls={idle ? [] : say("SetDefaultPolicyVersion")} />}
      {deleting && (
        <ConfirmDelete
          title={s.deleteVersion}
          word={VersionId}
          calls={say("DeletePolicyVersion")}
          run={() => call("iam", "DeletePolicyVersion", { PolicyArn: arn, VersionId })}
          onDone={() => told(s.versionDeleted(VersionId))}
          onCancel={() => setDeleting(false)}
        >
          {s.deleteVersionHelp(VersionId)}
        </ConfirmDelete>
      )}
    </SpaceBetween>
  );
}
