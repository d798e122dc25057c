import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useQuery } from "@tanstack/react-query";
import { call } from "../api/client";
import { useSession } from "../app/session";
import { Failure } from "../common/failure";
import { Page } from "../common/page";
import { RouterLink } from "../common/router-link";
import { Copyable } from "../common/secret";
import { t } from "../strings/en";
import { signInUrl } from "./sign-in-url";

const d = t.iam.dashboard;

export default function Dashboard() {
  const { principal, endpoint } = useSession();
  const query = useQuery({ queryKey: ["summary"], queryFn: () => call("iam", "GetAccountSummary", {}) });
  const summary = query.data?.SummaryMap ?? {};
  return (
    <Page title={d.title} trail={[]}>
      <SpaceBetween size="l">
        <Failure error={query.error} onRetry={() => void query.refetch()} />
        {query.data !== undefined && <Recommendations summary={summary} />}
        <Container
          header={
            <Header variant="h2" description={d.resourcesHelp}>
              {d.resources}
            </Header>
          }
        >
          <ColumnLayout columns={4} minColumnWidth={120} variant="text-grid">
            <Count name={d.counts.groups} to="/iam/groups" count={summary["Groups"]} />
            <Count name={d.counts.users} to="/iam/users" count={summary["Users"]} />
            <Count name={d.counts.roles} to="/iam/roles" count={summary["Roles"]} />
            <Count name={d.counts.policies} to="/iam/policies" count={summary["Policies"]} />
          </ColumnLayout>
        </Container>
        <Container header={<Header variant="h2">{d.account}</Header>}>
          <KeyValuePairs
            columns={2}
            items={[
              { label: d.accountId, value: <Copyable text={principal.account} name={d.accountId} /> },
              { label: d.alias, value: principal.alias || d.noAlias },
              {
                label: d.signInUrl,
                value: <Copyable text={signInUrl(principal.alias || principal.account)} name={d.signInUrl} />,
              },
              { label: d.endpoint, value: <Copyable text={endpoint} name={d.endpoint} /> },
            ]}
          />
        </Container>
      </SpaceBetween>
    </Page>
  );
}

function Count({ name, to, count }: { name: string; to: string; count: number | undefined }) {
  return (
    <div>
      <Box variant="awsui-key-label">{name}</Box>
      <RouterLink to={to} variant="awsui-value-large" ariaLabel={`${name}: ${count ?? t.time.none}`}>
        {count ?? t.time.none}
      </RouterLink>
    </div>
  );
}

interface Recommendation {
  open: boolean;
  title: string;
  help: string;
  done: string;
  to: string;
}

function Recommendations({ summary }: { summary: Record<string, number> }) {
  const { principal } = useSession();
  // Devices are counted, not their users: one may have several, and root's are among them.
  const ofUsers = (summary["MFADevicesInUse"] ?? 0) - (summary["AccountMFAEnabled"] ?? 0);
  const withoutMfa = Math.max(0, (summary["Users"] ?? 0) - ofUsers);
  const own = principal.type === "root" ? "/iam/security-credentials" : "/iam/users";
  const all: Recommendation[] = [
    { open: !summary["AccountMFAEnabled"], title: d.rootMfa, help: d.rootMfaHelp, done: d.rootMfaDone, to: own },
    {
      open: (summary["AccountAccessKeysPresent"] ?? 0) > 0,
      title: d.rootKeys,
      help: d.rootKeysHelp,
      done: d.rootKeysDone,
      to: own,
    },
    {
      open: withoutMfa > 0,
      title: d.usersMfa(withoutMfa),
      help: d.usersMfaHelp,
      done: d.usersMfaDone,
      to: "/iam/users",
    },
    { open: true, title: d.unused, help: d.unusedHelp, done: "", to: "/iam/unused-keys" },
  ];
  return (
    <Container
      header={
        <Header variant="h2" counter={`(${all.filter((each) => each.open).length})`}>
          {d.recommendations}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {all.map((each) =>
          each.open ? (
            <Alert key={each.title} type="warning" header={each.title}>
              {each.help}{" "}
              <RouterLink to={each.to} ariaLabel={`${d.mend}: ${each.title}`}>
                {d.mend}
              </RouterLink>
            </Alert>
          ) : (
            <StatusIndicator key={each.title} type="success">
              {each.done}
            </StatusIndicator>
          ),
        )}
      </SpaceBetween>
    </Container>
  );
}
