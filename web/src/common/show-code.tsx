import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Tabs from "@cloudscape-design/components/tabs";
import { t } from "../strings/en";
import { asBoto3, asCli, type Spoken } from "./as-code";

/** The calls of a form, as the CLI and boto3 would make them. */
export function ShowAsCode({ calls, nothing = t.code.nothing }: { calls: readonly Spoken[]; nothing?: string }) {
  const shown = (label: string, text: string) => (
    <div className="copied">
      <CopyToClipboard
        variant="icon"
        textToCopy={text}
        copyButtonAriaLabel={`${t.code.copy}: ${label}`}
        copySuccessText={t.code.copied}
        copyErrorText={t.code.copyFailed}
      />
      <pre className="code" tabIndex={0} aria-label={label}>
        {text}
      </pre>
    </div>
  );
  return (
    <ExpandableSection headerText={t.code.open} variant="footer">
      {calls.length === 0 ? (
        <Box variant="p">{nothing}</Box>
      ) : (
        <>
          <Tabs
            tabs={[
              { id: "cli", label: t.code.cli, content: shown(t.code.cli, calls.map(asCli).join("\n")) },
              { id: "boto3", label: t.code.boto3, content: shown(t.code.boto3, asBoto3(calls)) },
            ]}
          />
          <Box variant="small">{t.code.note}</Box>
        </>
      )}
    </ExpandableSection>
  );
}
