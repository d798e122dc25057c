import { Page } from "../common/page";
import { t } from "../strings/en";

export default function Dashboard() {
  return (
    <Page title={t.nav.dashboard} trail={[]}>
      {t.product}
    </Page>
  );
}
