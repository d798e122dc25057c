import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useAction } from "../common/action";
import { Failure } from "../common/failure";
import { Guarded } from "../common/guard";
import { notify } from "../common/notices";
import { Nothing } from "../common/paged-table";
import { Page } from "../common/page";
import { RouterLink } from "../common/router-link";
import { ago } from "../common/times";
import { t } from "../strings/en";
import { TRAIL, pathOf } from "./trail";
import { deactivate, findUnused, type UnusedKey } from "./unused";

const s = t.iam.unused;
const PERIODS = [90, 45, 30, 1, 0].map((days) => ({ value: String(days), label: s.days(days) }));
const SIZE = 25;

export default function UnusedKeys() {
  const action = useAction();
  const [days, setDays] = useState(90);
  const [looked, setLooked] = useState<[number, number]>([0, 0]);
  const [done, setDone] = useState(0);
  const [page, setPage] = useState(1);
  const [selected, setSelected] = useState<UnusedKey[]>([]);
  const query = useQuery({
    queryKey: ["unused-keys", days],
    queryFn: ({ signal }) => findUnused(days, (count, of) => setLooked([count, of]), signal),
  });
  const keys = query.data?.keys ?? [];
  const chosen = selected.length > 0 ? selected : keys;
  const pages = Math.max(1, Math.ceil(keys.length / SIZE));
  const at = Math.min(page, pages);
  const disable = async () => {
    setDone(0);
    if (await action.run(() => deactivate(chosen, setDone))) notify("success", s.deactivated(chosen.length));
    setSelected([]);
  };
  return (
    <Page title={s.title} trail={TRAIL.top} description={s.description}>
      <SpaceBetween size="m">
        <Failure error={query.error ?? action.error} onRetry={() => void query.refetch()} />
        {action.busy ? (
          <ProgressBar value={(100 * done) / chosen.length} label={s.disabling(done, chosen.length)} />
        ) : (
          query.isFetching && <ProgressBar value={share(looked)} label={s.finding(...looked)} />
        )}
        {query.data?.more && <Alert type="info">{s.more(keys.length)}</Alert>}
        <Table
          items={keys.slice((at - 1) * SIZE, at * SIZE)}
          trackBy="id"
          loading={query.isLoading}
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
              counter={`(${keys.length}${query.data?.more ? "+" : ""})`}
              actions={
                <SpaceBetween direction="horizontal" size="xs">
                  <Button loading={query.isFetching} onClick={() => void query.refetch()}>
                    {s.find}
                  </Button>
                  <Guarded
                    needs="iam:UpdateAccessKey"
                    variant="primary"
                    disabled={chosen.length === 0}
                    loading={action.busy}
                    onClick={() => void disable()}
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
            <div className="narrow">
              <Select
                inlineLabelText={s.unusedFor}
                selectedOption={PERIODS.find((each) => each.value === String(days)) ?? null}
                options={PERIODS}
                onChange={({ detail }) => {
                  setDays(Number(detail.selectedOption.value));
                  setSelected([]);
                  setPage(1);
                }}
              />
            </div>
          }
          pagination={
            pages > 1 && (
              <Pagination
                currentPageIndex={at}
                pagesCount={pages}
                onChange={({ detail }) => setPage(detail.currentPageIndex)}
                ariaLabels={{
                  nextPageLabel: t.table.next,
                  previousPageLabel: t.table.previous,
                  pageLabel: t.table.page,
                }}
              />
            )
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
              cell: (key) => (key.last_used ? ago(key.last_used) : s.neverUsed),
            },
            { id: "created", header: t.iam.keys.age, cell: (key) => ago(key.created) },
          ]}
        />
      </SpaceBetween>
    </Page>
  );
}

function share([looked, of]: [number, number]): number {
  return of === 0 ? 0 : (100 * looked) / of;
}
