import Box from "@cloudscape-design/components/box";
import { Page } from "../common/page";
import { t } from "../strings/en";

export function NotFound() {
  return (
    <Page title={t.shell.notFound} trail={[]}>
      <Box variant="p">{t.shell.notFoundHelp}</Box>
    </Page>
  );
}
