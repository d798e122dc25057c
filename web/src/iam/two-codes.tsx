import Box from "@cloudscape-design/components/box";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { t } from "../strings/en";

type Codes = [string, string];

export const complete = (codes: Codes): boolean => codes.every((code) => /^\d{6}$/.test(code));

export function TwoCodes({ codes, onChange }: { codes: Codes; onChange: (codes: Codes) => void }) {
  const field = (index: 0 | 1, label: string) => (
    <FormField
      label={label}
      errorText={codes[index] === "" || /^\d{0,6}$/.test(codes[index]) ? undefined : t.iam.mfa.sixDigits}
    >
      <Input
        value={codes[index]}
        inputMode="numeric"
        autoComplete="one-time-code"
        onChange={({ detail }) => onChange(index === 0 ? [detail.value, codes[1]] : [codes[0], detail.value])}
      />
    </FormField>
  );
  return (
    <div>
      <Box variant="p">{t.iam.mfa.codes}</Box>
      <ColumnLayout columns={2}>
        {field(0, t.iam.mfa.code1)}
        {field(1, t.iam.mfa.code2)}
      </ColumnLayout>
    </div>
  );
}
