import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useQuery } from "@tanstack/react-query";
import { Failure } from "../common/failure";
import { PolicyEditor } from "../common/policy-editor";
import { moment } from "../common/times";
import { WhyDenied } from "../common/why";
import { t } from "../strings/en";
import { readEvent, type EventRow } from "./api";

const s = t.events;

/** One call as it was recorded, and why it was denied. */
export function EventDetails({ row, onClose }: { row: EventRow; onClose: () => void }) {
  const query = useQuery({ queryKey: ["event", row.id], queryFn: () => readEvent(row.id), staleTime: Infinity });
  const detail = query.data;
  return (
    <Modal
      visible
      size="large"
      header={`${row.service}:${row.name}`}
      closeAriaLabel={t.actions.close}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <Button variant="primary" onClick={onClose}>
            {t.actions.close}
          </Button>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Failure error={query.error} />
        {row.error_code !== "" && (
          <Alert type="error" header={row.error_code}>
            {row.error_message}
          </Alert>
        )}
        {detail?.explanation && <WhyDenied explanation={detail.explanation} open />}
        <KeyValuePairs
          columns={2}
          items={[
            { label: s.time, value: moment(row.time) },
            { label: s.user, value: row.principal || t.time.none },
            { label: s.address, value: row.source_ip },
            { label: s.byConsole, value: row.from_console ? s.console : s.api },
            { label: s.request, value: row.request_id },
            { label: s.authorized, value: row.actions.join(", ") || t.time.none },
          ]}
        />
        {query.isLoading && <Spinner />}
        {detail !== undefined && <PolicyEditor value={JSON.stringify(detail.record, null, 2)} label={s.record} />}
      </SpaceBetween>
    </Modal>
  );
}
