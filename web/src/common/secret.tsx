import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { t } from "../strings/en";

/** Something to copy. */
export function Copyable({ text, name }: { text: string; name: string }) {
  return (
    <CopyToClipboard
      variant="inline"
      textToCopy={text}
      textToDisplay={text}
      copyButtonAriaLabel={`${t.code.copy} ${name}`}
      copySuccessText={t.code.copied}
      copyErrorText={t.code.copyFailed}
    />
  );
}

/** Something that is shown once, hidden until it is asked for. */
export function Secret({ text, name }: { text: string; name: string }) {
  const [shown, setShown] = useState(false);
  return (
    <SpaceBetween direction="horizontal" size="xs" alignItems="center">
      <CopyToClipboard
        variant="icon"
        textToCopy={text}
        copyButtonAriaLabel={`${t.code.copy} ${name}`}
        copySuccessText={t.code.copied}
        copyErrorText={t.code.copyFailed}
      />
      <Box variant="code" data-secret={name}>
        <span aria-label={name} role="text">
          {shown ? text : "•".repeat(16)}
        </span>
      </Box>
      <Button
        variant="inline-link"
        ariaLabel={`${shown ? t.actions.hide : t.actions.show} ${name}`}
        onClick={() => setShown(!shown)}
      >
        {shown ? t.actions.hide : t.actions.show}
      </Button>
    </SpaceBetween>
  );
}
