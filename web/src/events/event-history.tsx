import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import Toggle from "@cloudscape-design/components/toggle";
import { useEffect, useState } from "react";
import { useSearchParams } from "react-router";
import { Failure } from "../common/failure";
import { Nothing } from "../common/paged-table";
import { Page } from "../common/page";
import { moment } from "../common/times";
import { t } from "../strings/en";
import type { EventRow, Filters, Result } from "./api";
import { EventDetails } from "./event-details";
import { useEvents } from "./use-events";

const s = t.events;
const PAUSE = 400;
const NOTHING: Filters = { user: "", action: "", service: "", outcome: "", request: "" };
const RESULTS = [
  { value: "", label: s.any },
  { value: "ok", label: s.ok },
  { value: "denied", label: s.denied },
  { value: "error", label: s.error },
];
const SERVICES = [
  { value: "", label: s.anyService },
  ...["iam", "sts", "s3", "signin", "cloudtrail"].map((value) => ({ value, label: value })),
];
const SHOWN: Record<Result, "success" | "error" | "warning"> = { ok: "success", denied: "error", error: "warning" };

export default function EventHistory() {
  const [search] = useSearchParams();
  // A denial names the request under which it is found here.
  const request = search.get("request") ?? "";
  const [typed, setTyped] = useState({ ...NOTHING, request });
  const [filters, setFilters] = useState(typed);
  const [live, setLive] = useState(request === "");
  const [shown, setShown] = useState<EventRow | null>(null);
  const { rows, next, busy, error, load, more } = useEvents(filters, live);
  useEffect(() => {
    const timer = setTimeout(() => setFilters(typed), PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);
  useEffect(() => {
    if (request !== "" && rows[0] !== undefined) setShown(rows[0]);
  }, [request, rows]);
  const set = (part: Partial<Filters>) => setTyped((before) => ({ ...before, ...part }));
  return (
    <Page title={s.title} trail={[]} description={s.description}>
      <SpaceBetween size="m">
        <Failure error={error} onRetry={() => void load()} />
        <Table
          items={rows}
          trackBy="id"
          loading={busy && rows.length === 0}
          loadingText={t.table.loading}
          wrapLines
          ariaLabels={{ tableLabel: s.title }}
          header={
            <Header
              counter={`(${rows.length}${next === null ? "" : "+"})`}
              actions={
                <SpaceBetween direction="horizontal" size="m" alignItems="center">
                  <Toggle checked={live} onChange={({ detail }) => setLive(detail.checked)}>
                    {s.live}
                  </Toggle>
                  <Button iconName="refresh" ariaLabel={s.refresh} loading={busy} onClick={() => void load()} />
                </SpaceBetween>
              }
            >
              {s.list}
            </Header>
          }
          filter={<FilterBar typed={typed} set={set} />}
          empty={error === null && <Nothing title={s.empty} help={next === null ? s.emptyHelp : s.emptySoFar} />}
          footer={
            next !== null && (
              <Box textAlign="center">
                <Button loading={busy} onClick={() => void more()}>
                  {s.more}
                </Button>
              </Box>
            )
          }
          columnDefinitions={[
            {
              id: "name",
              header: s.name,
              minWidth: 240,
              isRowHeader: true,
              cell: (row) => (
                <Button variant="inline-link" onClick={() => setShown(row)}>
                  {row.name}
                </Button>
              ),
            },
            { id: "result", header: s.result, minWidth: 140, cell: (row) => <Outcome row={row} /> },
            { id: "time", header: s.time, minWidth: 130, cell: (row) => moment(row.time) },
            { id: "user", header: s.user, minWidth: 90, cell: (row) => row.user || t.time.none },
            { id: "source", header: s.source, minWidth: 90, cell: (row) => row.service },
            {
              id: "resource",
              header: s.resource,
              minWidth: 160,
              cell: (row) => row.resources.join(", ") || t.time.none,
            },
          ]}
        />
      </SpaceBetween>
      {shown !== null && <EventDetails row={shown} onClose={() => setShown(null)} />}
    </Page>
  );
}

const WORDS: Record<Result, string> = { ok: s.ok, denied: s.denied, error: s.error };

/** What became of a call; of a refused one its code, which lies below and may be long. */
function Outcome({ row }: { row: EventRow }) {
  return (
    <>
      <StatusIndicator type={SHOWN[row.outcome]}>{WORDS[row.outcome]}</StatusIndicator>
      {row.error_code !== "" && <Box variant="small">{row.error_code}</Box>}
    </>
  );
}

function FilterBar({ typed, set }: { typed: Filters; set: (part: Partial<Filters>) => void }) {
  return (
    <Grid gridDefinition={Array(5).fill({ colspan: { default: 12, xs: 6, s: 4 } })}>
      <FormField label={s.filterUser}>
        <Input type="search" value={typed.user} onChange={({ detail }) => set({ user: detail.value })} />
      </FormField>
      <FormField label={s.filterAction}>
        <Input type="search" value={typed.action} onChange={({ detail }) => set({ action: detail.value })} />
      </FormField>
      <FormField label={s.filterService}>
        <Select
          selectedOption={SERVICES.find((each) => each.value === typed.service) ?? null}
          options={SERVICES}
          onChange={({ detail }) => set({ service: detail.selectedOption.value ?? "" })}
        />
      </FormField>
      <FormField label={s.request}>
        <Input type="search" value={typed.request} onChange={({ detail }) => set({ request: detail.value })} />
      </FormField>
      <FormField label={s.result}>
        <Select
          selectedOption={RESULTS.find((each) => each.value === typed.outcome) ?? null}
          options={RESULTS}
          onChange={({ detail }) => set({ outcome: (detail.selectedOption.value ?? "") as Filters["outcome"] })}
        />
      </FormField>
    </Grid>
  );
}
