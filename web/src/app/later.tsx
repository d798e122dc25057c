import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useParams } from "react-router";
import { Page } from "../common/page";
import { t } from "../strings/en";
import { NotFound } from "./not-found";

/** A service that is still to come: it says so. */
export default function Later() {
  const { service = "" } = useParams();
  const found = t.later.services[service];
  if (found === undefined) return <NotFound />;
  return (
    <Page title={found.name} trail={[]}>
      <Container>
        <SpaceBetween size="m">
          <Alert type="info" header={t.later.label}>
            {t.later.plain(found.name)}
          </Alert>
          <Box variant="p">{found.what}</Box>
          {found.instead !== "" && <Box variant="p">{found.instead}</Box>}
          <Box variant="p" color="text-body-secondary">
            {t.later.api}
          </Box>
        </SpaceBetween>
      </Container>
    </Page>
  );
}
