import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { call, type Input as Asked } from "../api/client";
import { useSession } from "../app/session";
import { useAction } from "../common/action";
import { Failure } from "../common/failure";
import { notify } from "../common/notices";
import { Page } from "../common/page";
import { ShowAsCode } from "../common/show-code";
import { t } from "../strings/en";

const s = t.s3.create;

export default function CreateBucket() {
  const navigate = useNavigate();
  const { region } = useSession();
  const action = useAction();
  const [name, setName] = useState("");
  const place = region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region } };
  const input = { Bucket: name, ...place } as Asked<"s3", "CreateBucket">;
  const submit = async () => {
    if (!(await action.run(() => call("s3", "CreateBucket", input)))) return;
    notify("success", s.done(name));
    void navigate("/s3/buckets");
  };
  return (
    <Page title={s.title} trail={[{ text: t.s3.buckets.title, href: "/s3/buckets" }]}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" formAction="none" onClick={() => void navigate("/s3/buckets")}>
                {t.actions.cancel}
              </Button>
              <Button variant="primary" disabled={name === ""} loading={action.busy}>
                {s.submit}
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="l">
            <Failure error={action.error} onDismiss={action.clear} />
            <Container header={<Header variant="h2">{s.general}</Header>}>
              <FormField label={s.name} constraintText={s.nameHelp}>
                <Input value={name} autoFocus autoComplete={false} onChange={({ detail }) => setName(detail.value)} />
              </FormField>
            </Container>
            <Container header={<Header variant="h2">{s.access}</Header>}>
              <Alert type="info">{s.accessHelp}</Alert>
            </Container>
            <Container>
              <ShowAsCode
                calls={name === "" ? [] : [{ service: "s3", operation: "CreateBucket", input: { ...input } }]}
              />
            </Container>
          </SpaceBetween>
        </Form>
      </form>
    </Page>
  );
}
