import Alert from "@cloudscape-design/components/alert";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import Wizard from "@cloudscape-design/components/wizard";
import { useState } from "react";
import { useNavigate } from "react-router";
import { call } from "../api/client";
import { useAction } from "../common/action";
import { Failure } from "../common/failure";
import { useDocumentProblem } from "../common/check-policy";
import { notify } from "../common/notices";
import { Page } from "../common/page";
import { PolicyEditor } from "../common/policy-editor";
import { ShowAsCode } from "../common/show-code";
import { WIZARD } from "../common/wizard";
import { t } from "../strings/en";
import { NEW_POLICY, PolicyField } from "./policy-field";
import { TRAIL } from "./trail";

const s = t.iam.policies;

export default function CreatePolicy() {
  const navigate = useNavigate();
  const action = useAction();
  const [at, setAt] = useState(0);
  const [stopped, setStopped] = useState(false);
  const [document, setDocument] = useState(NEW_POLICY);
  const problem = useDocumentProblem(document, "managed");
  const [name, setName] = useState("");
  const [about, setAbout] = useState("");
  const input = { PolicyName: name, PolicyDocument: document, ...(about === "" ? {} : { Description: about }) };

  const submit = async () => {
    if (!(await action.run(() => call("iam", "CreatePolicy", input)))) return;
    notify("success", s.created(name));
    void navigate("/iam/policies");
  };
  return (
    <Page title={s.create} trail={TRAIL.policies}>
      <Wizard
        activeStepIndex={at}
        onNavigate={({ detail }) => {
          setStopped(problem !== null);
          if (problem === null) setAt(detail.requestedStepIndex);
        }}
        onCancel={() => void navigate("/iam/policies")}
        onSubmit={() => void submit()}
        isLoadingNextStep={action.busy}
        submitButtonText={s.submit}
        i18nStrings={WIZARD}
        steps={[
          {
            title: s.specify,
            errorText: stopped && problem !== null ? problem : undefined,
            content: (
              <Container
                header={
                  <Header variant="h2" actions={<Mode />}>
                    {s.editor}
                  </Header>
                }
              >
                <PolicyField value={document} onChange={setDocument} error={action.error} kind="managed" />
              </Container>
            ),
          },
          {
            title: s.review,
            content: (
              <SpaceBetween size="l">
                <Failure error={action.error} onDismiss={action.clear} />
                <Container header={<Header variant="h2">{s.details}</Header>}>
                  <SpaceBetween size="m">
                    <FormField label={s.name} constraintText={s.nameHelp}>
                      <Input value={name} onChange={({ detail }) => setName(detail.value)} autoComplete={false} />
                    </FormField>
                    <FormField label={`${s.about} – ${t.actions.optional}`} constraintText={s.descriptionHelp}>
                      <Textarea value={about} onChange={({ detail }) => setAbout(detail.value)} />
                    </FormField>
                  </SpaceBetween>
                </Container>
                <Container header={<Header variant="h2">{s.permissions}</Header>}>
                  <PolicyEditor value={document} label={s.permissions} />
                </Container>
                <Container>
                  <ShowAsCode calls={[{ service: "iam", operation: "CreatePolicy", input }]} />
                </Container>
              </SpaceBetween>
            ),
          },
        ]}
      />
    </Page>
  );
}

/** The visual editor's place, which says that it is still to come. */
function Mode() {
  const [mode, setMode] = useState("json");
  return (
    <SpaceBetween size="xs">
      <SegmentedControl
        label={s.editor}
        selectedId={mode}
        onChange={({ detail }) => setMode(detail.selectedId)}
        options={[
          { id: "visual", text: s.visual },
          { id: "json", text: s.json },
        ]}
      />
      {mode === "visual" && <Alert type="info">{s.visualLater}</Alert>}
    </SpaceBetween>
  );
}
