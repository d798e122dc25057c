import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useCallback, useEffect, useState } from "react";
import { call } from "../api/client";
import { all, each } from "../api/walk";
import { useAction } from "../common/action";
import { Failure } from "../common/failure";
import { Guarded } from "../common/guard";
import { notify } from "../common/notices";
import { Nothing } from "../common/paged-table";
import { Page } from "../common/page";
import { RouterLink } from "../common/router-link";
import { ago, daysSince } from "../common/times";
import { t } from "../strings/en";
import { listUsers } from "./lists";
import { TRAIL, pathOf } from "./trail";

const s = t.iam.unused;
const PERIODS = [90, 45, 30, 1, 0].map((days) => ({ value: String(days), label: s.days(days) }));

interface FoundKey {
  user: string;
  id: string;
  created: string;
  lastUsed: string | undefined;
}

/** Every active key of every user; `onUser` hears after each user. */
async function activeKeys(onUser: (done: number, of: number) => void): Promise<FoundKey[]> {
  const users = await all(listUsers);
  const found: FoundKey[] = [];
  let done = 0;
  await each(users, async ({ UserName }) => {
    const keys = (await call("iam", "ListAccessKeys", { UserName })).AccessKeyMetadata;
    for (const { AccessKeyId: id = "", CreateDate: created = "" } of keys.filter((key) => key.Status === "Active")) {
      const last = (await call("iam", "GetAccessKeyLastUsed", { AccessKeyId: id })).AccessKeyLastUsed;
      found.push({ user: UserName, id, created, lastUsed: last?.LastUsedDate });
    }
    onUser(++done, users.length);
  });
  return found.sort((a, b) => a.user.localeCompare(b.user));
}

export default function UnusedKeys() {
  const reading = useAction();
  const action = useAction();
  const [days, setDays] = useState(90);
  const [keys, setKeys] = useState<FoundKey[]>([]);
  const [progress, setProgress] = useState<[number, number]>([0, 0]);
  const [selected, setSelected] = useState<FoundKey[]>([]);
  const { run } = reading;
  const read = useCallback(
    () => run(async () => setKeys(await activeKeys((done, of) => setProgress([done, of])))),
    [run],
  );
  useEffect(() => {
    void read();
  }, [read]);

  const unused = keys.filter((key) => daysSince(key.lastUsed ?? key.created) >= days);
  const chosen = selected.length > 0 ? selected : unused;
  const deactivate = async () => {
    const done = await action.run(() =>
      each(chosen, async ({ user, id }) => {
        await call("iam", "UpdateAccessKey", { UserName: user, AccessKeyId: id, Status: "Inactive" });
      }),
    );
    if (done) notify("success", s.deactivated(chosen.length));
    setSelected([]);
    await read();
  };
  const [done, of] = progress;
  return (
    <Page title={s.title} trail={TRAIL.top} description={s.description}>
      <SpaceBetween size="m">
        <Failure error={reading.error ?? action.error} onRetry={() => void read()} />
        {reading.busy && <ProgressBar value={of === 0 ? 0 : (100 * done) / of} label={s.finding(done, of)} />}
        <Table
          items={unused}
          trackBy="id"
          loading={reading.busy && keys.length === 0}
          loadingText={t.table.loading}
          selectionType="multi"
          selectedItems={selected}
          onSelectionChange={({ detail }) => setSelected(detail.selectedItems)}
          ariaLabels={{
            tableLabel: s.title,
            selectionGroupLabel: s.title,
            allItemsSelectionLabel: () => t.table.selectAll,
            itemSelectionLabel: (_, key) => t.table.select(key.id),
          }}
          header={
            <Header
              counter={`(${unused.length})`}
              actions={
                <SpaceBetween direction="horizontal" size="xs">
                  <Button loading={reading.busy} onClick={() => void read()}>
                    {s.find}
                  </Button>
                  <Guarded
                    needs="iam:UpdateAccessKey"
                    variant="primary"
                    disabled={chosen.length === 0}
                    loading={action.busy}
                    onClick={() => void deactivate()}
                  >
                    {s.deactivate(chosen.length)}
                  </Guarded>
                </SpaceBetween>
              }
            >
              {s.title}
            </Header>
          }
          filter={
            <Select
              inlineLabelText={s.unusedFor}
              selectedOption={PERIODS.find((each) => each.value === String(days)) ?? null}
              options={PERIODS}
              onChange={({ detail }) => {
                setDays(Number(detail.selectedOption.value));
                setSelected([]);
              }}
            />
          }
          empty={<Nothing title={s.empty} help={s.emptyHelp} />}
          columnDefinitions={[
            { id: "id", header: t.iam.keys.id, isRowHeader: true, cell: (key) => key.id },
            {
              id: "user",
              header: s.user,
              cell: (key) => <RouterLink to={`${pathOf.user(key.user)}?tab=credentials`}>{key.user}</RouterLink>,
            },
            {
              id: "used",
              header: t.iam.keys.lastUsed,
              cell: (key) => (key.lastUsed ? ago(key.lastUsed) : s.neverUsed),
            },
            { id: "created", header: t.iam.keys.age, cell: (key) => ago(key.created) },
          ]}
        />
      </SpaceBetween>
    </Page>
  );
}
