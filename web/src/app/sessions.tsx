import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useQuery } from "@tanstack/react-query";
import { listSessions, revokeSession } from "../api/session";
import { useAction } from "../common/action";
import { Failure } from "../common/failure";
import { notify } from "../common/notices";
import { Nothing } from "../common/paged-table";
import { Page } from "../common/page";
import { moment } from "../common/times";
import { t } from "../strings/en";

const s = t.iam.sessions;

/** Where somebody is signed in. */
export default function Sessions() {
  const action = useAction();
  const query = useQuery({ queryKey: ["sessions"], queryFn: listSessions });
  const end = async (id: string) => {
    if (await action.run(() => revokeSession(id))) notify("success", s.ended);
  };
  return (
    <Page title={s.title} trail={[]} description={s.description}>
      <SpaceBetween size="m">
        <Failure error={action.error} onDismiss={action.clear} />
        <Table
          items={query.data ?? []}
          trackBy="id"
          wrapLines
          loading={query.isLoading}
          loadingText={t.table.loading}
          ariaLabels={{ tableLabel: s.title }}
          header={<Header counter={`(${query.data?.length ?? 0})`}>{s.title}</Header>}
          empty={
            query.error === null ? (
              <Nothing title={s.empty} help={s.emptyHelp} />
            ) : (
              <Failure error={query.error} onRetry={() => void query.refetch()} />
            )
          }
          columnDefinitions={[
            {
              id: "since",
              header: s.since,
              minWidth: 130,
              isRowHeader: true,
              cell: (each) => moment(each.signed_in_at ?? each.created_at),
            },
            { id: "seen", header: s.seen, minWidth: 130, cell: (each) => moment(each.last_seen_at) },
            { id: "expires", header: s.expires, minWidth: 130, cell: (each) => moment(each.expires_at) },
            { id: "address", header: s.address, cell: (each) => each.source_ip ?? t.time.none },
            { id: "agent", header: s.agent, cell: (each) => browserOf(each.user_agent) },
            {
              id: "end",
              header: t.actions.actions,
              cell: (each) => (each.current ? s.current : <Button onClick={() => void end(each.id)}>{s.end}</Button>),
            },
          ]}
        />
      </SpaceBetween>
    </Page>
  );
}

/** The browser's own word in what it says of itself: they all begin by naming one another. */
function browserOf(agent: string | undefined): string {
  const words = (agent ?? "").match(/(?:Edg|OPR|Firefox|HeadlessChrome|Chrome|Version)\/[\d.]+/);
  return words?.[0].replace("/", " ").replace("Version", "Safari") ?? (agent || t.time.none);
}
