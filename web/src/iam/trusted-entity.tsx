import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tiles from "@cloudscape-design/components/tiles";
import { t } from "../strings/en";
import { PolicyField } from "./policy-field";
import { SERVICES, trustProblem, type TrustDraft } from "./trust";

const s = t.iam.roles;

interface TrustedEntityProps {
  draft: TrustDraft;
  change: (part: Partial<TrustDraft>) => void;
}

/** Who may assume the role. */
export function TrustedEntity({ draft, change }: TrustedEntityProps) {
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{s.trustedType}</Header>}>
        <Tiles
          ariaLabel={s.trustedType}
          value={draft.kind}
          onChange={({ detail }) => change({ kind: detail.value as TrustDraft["kind"] })}
          items={[
            { value: "service", label: s.service, description: s.serviceHelp },
            { value: "account", label: s.account, description: s.accountHelp },
            { value: "custom", label: s.custom, description: s.customHelp },
            { value: "web", label: s.web, description: t.iam.mfa.later, disabled: true },
            { value: "saml", label: s.saml, description: t.iam.mfa.later, disabled: true },
          ]}
        />
      </Container>
      {draft.kind === "service" && (
        <Container header={<Header variant="h2">{s.useCase}</Header>}>
          <FormField label={s.useCaseLabel}>
            <Select
              selectedOption={SERVICES.find((each) => each.value === draft.service) ?? null}
              options={SERVICES}
              filteringType="auto"
              onChange={({ detail }) => change({ service: detail.selectedOption.value ?? "" })}
            />
          </FormField>
        </Container>
      )}
      {draft.kind === "account" && <AnAccount draft={draft} change={change} />}
      {draft.kind === "custom" && (
        <Container header={<Header variant="h2">{s.custom}</Header>}>
          <PolicyField
            value={draft.custom}
            onChange={(custom) => change({ custom })}
            error={null}
            kind="trust"
            label={s.custom}
          />
        </Container>
      )}
    </SpaceBetween>
  );
}

function AnAccount({ draft, change }: TrustedEntityProps) {
  return (
    <Container header={<Header variant="h2">{s.account}</Header>}>
      <SpaceBetween size="m">
        <RadioGroup
          ariaLabel={s.account}
          value={draft.other ? "other" : "this"}
          onChange={({ detail }) => change({ other: detail.value === "other" })}
          items={[
            { value: "this", label: s.thisAccount },
            { value: "other", label: s.otherAccount },
          ]}
        />
        {draft.other && (
          <FormField label={s.accountId} errorText={draft.account === "" ? undefined : trustProblem(draft)}>
            <Input
              value={draft.account}
              inputMode="numeric"
              onChange={({ detail }) => change({ account: detail.value })}
            />
          </FormField>
        )}
        <Checkbox
          checked={draft.externalId !== null}
          onChange={({ detail }) => change({ externalId: detail.checked ? "" : null })}
        >
          {s.externalId}
        </Checkbox>
        {draft.externalId !== null && (
          <FormField label={s.externalIdLabel}>
            <Input value={draft.externalId} onChange={({ detail }) => change({ externalId: detail.value })} />
          </FormField>
        )}
        <Checkbox checked={draft.mfa} onChange={({ detail }) => change({ mfa: detail.checked })}>
          {s.requireMfa}
        </Checkbox>
      </SpaceBetween>
    </Container>
  );
}
