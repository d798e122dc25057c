import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client";
import type { IamMFADevice } from "../api/types";
import { ConfirmDelete } from "../common/confirm-delete";
import { Failure } from "../common/failure";
import { Guarded } from "../common/guard";
import { notify } from "../common/notices";
import { Nothing } from "../common/paged-table";
import { ago } from "../common/times";
import { t } from "../strings/en";
import { AssignDevice } from "./assign-mfa";
import { deviceRemoval } from "./deletions";
import { deviceName } from "./devices";
import { ResyncDevice } from "./resync-mfa";

const s = t.iam.mfa;

/** The MFA devices of a user: assign, resync, remove. */
export function Devices({ user, own }: { user: string; own: boolean }) {
  const query = useQuery({
    queryKey: ["mfa", user],
    queryFn: async () => (await call("iam", "ListMFADevices", own ? {} : { UserName: user })).MFADevices,
  });
  const [selected, setSelected] = useState<IamMFADevice[]>([]);
  const [dialog, setDialog] = useState<"assign" | "remove" | "resync" | null>(null);
  const chosen = selected[0];
  const close = () => setDialog(null);
  return (
    <>
      <Table
        items={query.data ?? []}
        trackBy="SerialNumber"
        loading={query.isLoading}
        loadingText={t.table.loading}
        selectionType="single"
        selectedItems={selected}
        onSelectionChange={({ detail }) => setSelected(detail.selectedItems)}
        ariaLabels={{
          tableLabel: `${s.title} (${s.titleOlder})`,
          selectionGroupLabel: s.title,
          itemSelectionLabel: (_, device) => t.table.select(deviceName(device.SerialNumber)),
        }}
        header={
          <Header
            variant="h2"
            counter={`(${query.data?.length ?? 0})`}
            description={s.description}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Guarded
                  needs="iam:DeactivateMFADevice"
                  disabled={chosen === undefined}
                  onClick={() => setDialog("remove")}
                >
                  {s.remove}
                </Guarded>
                <Guarded
                  needs="iam:ResyncMFADevice"
                  disabled={chosen === undefined}
                  onClick={() => setDialog("resync")}
                >
                  {s.resync}
                </Guarded>
                <Guarded
                  needs={["iam:CreateVirtualMFADevice", "iam:EnableMFADevice"]}
                  older={s.manageOlder}
                  onClick={() => setDialog("assign")}
                >
                  {s.assign}
                </Guarded>
              </SpaceBetween>
            }
          >
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
          { id: "type", header: s.type, cell: () => s.virtual },
          { id: "serial", header: s.identifier, isRowHeader: true, cell: (device) => device.SerialNumber },
          { id: "created", header: s.createdOn, cell: (device) => ago(device.EnableDate) },
        ]}
      />
      {dialog === "assign" && (
        <AssignDevice user={user} suggested={/^\d{12}$/.test(user) ? s.rootDevice : user} onClose={close} />
      )}
      {dialog === "resync" && chosen !== undefined && (
        <ResyncDevice user={user} serial={chosen.SerialNumber} onClose={close} />
      )}
      {dialog === "remove" && chosen !== undefined && (
        <ConfirmDelete
          title={s.removeTitle}
          word={deviceName(chosen.SerialNumber)}
          label={s.remove}
          plan={deviceRemoval(user, chosen.SerialNumber)}
          onDone={() => {
            notify("success", s.removed(deviceName(chosen.SerialNumber)));
            setSelected([]);
            close();
          }}
          onCancel={close}
        >
          {s.removeHelp(deviceName(chosen.SerialNumber))}
        </ConfirmDelete>
      )}
    </>
  );
}
