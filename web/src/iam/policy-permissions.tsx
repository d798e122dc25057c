import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client";
import { useAction } from "../common/action";
import { documentText } from "../common/document";
import { Failure } from "../common/failure";
import { Guarded } from "../common/guard";
import { notify } from "../common/notices";
import { PolicyEditor } from "../common/policy-editor";
import { ShowAsCode } from "../common/show-code";
import { t } from "../strings/en";
import { PolicyField } from "./policy-field";

const s = t.iam.policies;

interface PolicyPermissionsProps {
  arn: string;
  name: string;
  version: string;
  own: boolean;
}

/** The default version, to read; an edit becomes a new version. */
export function PolicyPermissions({ arn, name, version, own }: PolicyPermissionsProps) {
  const action = useAction();
  const [edited, setEdited] = useState<string | null>(null);
  const query = useQuery({
    queryKey: ["policy-version", arn, version],
    queryFn: async () => {
      const answer = await call("iam", "GetPolicyVersion", { PolicyArn: arn, VersionId: version });
      return documentText(answer.PolicyVersion?.Document);
    },
  });
  const text = query.data ?? "";
  const input = { PolicyArn: arn, PolicyDocument: edited ?? text, SetAsDefault: true };
  const save = async () => {
    if (!(await action.run(() => call("iam", "CreatePolicyVersion", input)))) return;
    notify("success", s.saved(name));
    setEdited(null);
  };
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            own &&
            (edited === null ? (
              <Guarded needs="iam:CreatePolicyVersion" onClick={() => setEdited(text)}>
                {s.edit}
              </Guarded>
            ) : (
              <SpaceBetween direction="horizontal" size="xs">
                <Button variant="link" onClick={() => setEdited(null)}>
                  {t.actions.cancel}
                </Button>
                <Button variant="primary" loading={action.busy} onClick={() => void save()}>
                  {s.newVersion}
                </Button>
              </SpaceBetween>
            ))
          }
        >
          {s.permissions}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <Failure error={query.error} />
        <Failure error={action.error} onDismiss={action.clear} />
        {edited === null ? (
          <PolicyEditor value={text} label={s.permissions} />
        ) : (
          <>
            <PolicyField value={edited} onChange={setEdited} error={action.error} kind="managed" />
            <Box variant="small">{s.saveAs}</Box>
            <ShowAsCode calls={[{ service: "iam", operation: "CreatePolicyVersion", input }]} />
          </>
        )}
      </SpaceBetween>
    </Container>
  );
}
