import Box from "@cloudscape-design/components/box";
import { Page } from "../common/page";
import { RouterLink } from "../common/router-link";
import { t } from "../strings/en";

export function NotFound() {
  return (
    <Page title={t.shell.notFound} trail={[]}>
      <Box variant="p">
        {t.shell.notFoundHelp} <RouterLink to="/iam">{t.shell.toDashboard}</RouterLink>.
      </Box>
    </Page>
  );
}
