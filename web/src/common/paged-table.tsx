import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useState, type ReactNode } from "react";
import type { Pager } from "../api/walk";
import { t } from "../strings/en";
import { Failure } from "./failure";
import { usePagedList, type PagedList } from "./use-paged-list";

export interface Empty {
  title: string;
  help: string;
  action?: ReactNode;
}

interface PagedTableProps<T> {
  /** Names the list among the queries. */
  list: readonly unknown[];
  pager: Pager<T>;
  columns: TableProps.ColumnDefinition<T>[];
  id: (item: T) => string;
  /** What the search looks in, and what a line is called. */
  text: (item: T) => string;
  title: string;
  description?: string;
  actions?: ReactNode;
  filter?: ReactNode;
  empty: Empty;
  variant?: TableProps.Variant;
  selected?: T[];
  onSelect?: (items: T[]) => void;
  selection?: TableProps.SelectionType;
  searchLabel: string;
}

/** A list of any length: the server pages it, and finds in it what begins with a text. */
export function PagedTable<T>(props: PagedTableProps<T>) {
  const { columns, id, text, title, empty, selected, onSelect } = props;
  const paged = usePagedList<T>(props);
  const { query, items, wanted } = paged;
  const [typed, setTyped] = useState("");
  const shown = new Set(items.map(id));
  const multi = props.selection === "multi";
  // What was chosen on another page or before a search stays chosen.
  const elsewhere = multi ? (selected ?? []).filter((item) => !shown.has(id(item))) : [];
  const here = (selected ?? []).filter((item) => !multi || shown.has(id(item)));
  const clear = () => {
    setTyped("");
    paged.find("");
  };
  return (
    <Table
      items={items}
      columnDefinitions={columns}
      trackBy={id}
      variant={props.variant ?? "container"}
      loading={query.isLoading}
      loadingText={wanted === "" ? t.table.loading : t.table.searching}
      selectionType={props.selection}
      selectedItems={here}
      onSelectionChange={({ detail }) => onSelect?.([...elsewhere, ...detail.selectedItems])}
      ariaLabels={{
        tableLabel: title,
        selectionGroupLabel: title,
        allItemsSelectionLabel: () => t.table.selectAll,
        itemSelectionLabel: (_, item) => t.table.select(text(item)),
      }}
      wrapLines
      header={
        <Header
          counter={counted(items.length, paged.more || paged.page > 1, selected?.length ?? 0)}
          description={props.description}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button
                iconName="refresh"
                ariaLabel={`${t.table.refresh}: ${title}`}
                loading={query.isFetching && !query.isLoading}
                onClick={() => void query.refetch()}
              />
              {props.actions}
            </SpaceBetween>
          }
        >
          {title}
        </Header>
      }
      filter={
        <div className="filters">
          <TextFilter
            filteringText={typed}
            filteringPlaceholder={props.searchLabel}
            filteringAriaLabel={props.searchLabel}
            filteringClearAriaLabel={t.table.clear}
            countText={wanted === "" || query.isLoading ? "" : t.table.found(items.length)}
            onChange={({ detail }) => setTyped(detail.filteringText)}
            onDelayedChange={({ detail }) => paged.find(detail.filteringText)}
          />
          {props.filter}
        </div>
      }
      pagination={
        wanted === "" && (
          <Pagination
            currentPageIndex={paged.page}
            pagesCount={paged.known}
            openEnd={paged.more || paged.page < paged.known}
            onChange={({ detail }) => paged.turn(detail.currentPageIndex)}
            ariaLabels={{
              nextPageLabel: t.table.next,
              previousPageLabel: t.table.previous,
              pageLabel: t.table.page,
            }}
          />
        )
      }
      footer={wanted !== "" && <Reach paged={paged} indexed={props.pager.starting !== undefined} />}
      empty={
        query.error !== null ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : wanted !== "" ? (
          <Nothing
            title={t.table.noMatch}
            help={t.table.noMatchHelp}
            action={<Button onClick={clear}>{t.table.clear}</Button>}
          />
        ) : (
          <Nothing {...empty} />
        )
      }
    />
  );
}

/** How far a search went where it did not go all the way, and the way on. */
function Reach<T>({ paged, indexed }: { paged: PagedList<T>; indexed: boolean }) {
  const { query, found, wanted, items } = paged;
  if (query.isLoading && paged.looked > 0) {
    return (
      <SpaceBetween direction="horizontal" size="xs" alignItems="center">
        <StatusIndicator type="loading">{t.table.looked(paged.looked)}</StatusIndicator>
        <Button onClick={paged.stop}>{t.table.stop}</Button>
      </SpaceBetween>
    );
  }
  if (found === undefined || found.complete) return null;
  if (found.looked === 0) return <Box color="text-body-secondary">{t.table.truncated(items.length)}</Box>;
  return (
    <SpaceBetween direction="horizontal" size="xs" alignItems="center">
      <Box color="text-body-secondary">
        {indexed ? t.table.reachedByIndex(wanted, found.looked) : t.table.reached(found.looked)}
      </Box>
      <Button onClick={paged.findEverywhere}>{t.table.everywhere}</Button>
    </SpaceBetween>
  );
}

export function Nothing({ title, help, action }: Empty) {
  return (
    <Box textAlign="center" margin={{ vertical: "xs" }} color="inherit">
      <SpaceBetween size="xs">
        <Box variant="strong" color="inherit">
          {title}
        </Box>
        <Box variant="p" color="inherit">
          {help}
        </Box>
        {action}
      </SpaceBetween>
    </Box>
  );
}

function counted(shown: number, more: boolean, selected: number): string {
  return `(${selected > 0 ? `${selected}/` : ""}${shown}${more ? "+" : ""})`;
}
