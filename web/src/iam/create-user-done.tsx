import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useNavigate } from "react-router";
import type { IamAccessKey } from "../api/types";
import { useSession } from "../app/session";
import { saveCsv } from "../common/download";
import { Page } from "../common/page";
import { Copyable, Secret } from "../common/secret";
import { t } from "../strings/en";
import { signInUrl } from "./sign-in-url";
import { TRAIL, pathOf } from "./trail";
import type { UserDraft } from "./user-draft";

const s = t.iam.createUser;

/** The credentials of a new user, once. */
export function Created({ draft, accessKey }: { draft: UserDraft; accessKey: IamAccessKey | null }) {
  const navigate = useNavigate();
  const { principal } = useSession();
  const url = signInUrl(principal.alias || principal.account);
  const shown = [
    { label: s.userName, text: draft.name, secret: false },
    ...(draft.console
      ? [
          { label: s.consolePassword, text: draft.password, secret: true },
          { label: s.signInUrl, text: url, secret: false },
        ]
      : []),
    ...(accessKey !== null
      ? [
          { label: s.accessKey, text: accessKey.AccessKeyId, secret: false },
          { label: s.secret, text: accessKey.SecretAccessKey, secret: true },
        ]
      : []),
  ];
  const save = () =>
    saveCsv(`${draft.name}_credentials.csv`, [shown.map((each) => each.label), shown.map((each) => each.text)]);
  const secrets = draft.console || accessKey !== null;
  return (
    <Page title={secrets ? s.retrieve : s.done} trail={TRAIL.users}>
      <SpaceBetween size="l">
        <Alert type="success" header={s.done}>
          {secrets && s.once}
        </Alert>
        <Container
          header={
            <Header variant="h2" actions={secrets && <Button onClick={save}>{s.csv}</Button>}>
              {draft.name}
            </Header>
          }
        >
          <KeyValuePairs
            columns={1}
            items={shown.map(({ label, text, secret }) => ({
              label,
              value: secret ? <Secret text={text} name={label} /> : <Copyable text={text} name={label} />,
            }))}
          />
        </Container>
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={() => void navigate(pathOf.user(draft.name))}>{s.view}</Button>
          <Button variant="primary" onClick={() => void navigate("/iam/users")}>
            {s.back}
          </Button>
        </SpaceBetween>
      </SpaceBetween>
    </Page>
  );
}
