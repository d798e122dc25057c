import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { search, type Pager } from "../api/walk";
import { t } from "../strings/en";
import { Failure } from "./failure";

const SIZE = 25;
const FOUND_AT_MOST = 100;

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
  /** What the search looks in. */
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

/** A list of any length: the server pages it, and a search walks its pages. */
export function PagedTable<T>(props: PagedTableProps<T>) {
  const { list, pager, columns, id, text, title, empty, selected, onSelect } = props;
  const [markers, setMarkers] = useState<(string | undefined)[]>([undefined]);
  const [page, setPage] = useState(1);
  const [typed, setTyped] = useState("");
  const [wanted, setWanted] = useState("");
  const marker = markers[page - 1];
  const query = useQuery({
    queryKey: [...list, wanted === "" ? { marker } : { wanted }],
    queryFn: async () => {
      if (wanted === "") return pager(marker, SIZE);
      const lower = wanted.toLowerCase();
      return { items: await search(pager, (item) => text(item).toLowerCase().includes(lower), FOUND_AT_MOST) };
    },
  });
  const items = query.data?.items ?? [];
  const next = query.data && "next" in query.data ? query.data.next : undefined;
  const shown = new Set(items.map(id));
  const multi = props.selection === "multi";
  // What was chosen on another page or before a search stays chosen.
  const elsewhere = multi ? (selected ?? []).filter((item) => !shown.has(id(item))) : [];
  const here = (selected ?? []).filter((item) => !multi || shown.has(id(item)));
  const clear = () => {
    setTyped("");
    setWanted("");
  };
  const turn = (to: number) => {
    if (to > markers.length && next !== undefined) setMarkers([...markers, next]);
    if (to <= markers.length || next !== undefined) setPage(to);
  };
  const label = (name: string) => t.table.select(name);
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
        itemSelectionLabel: (_, item) => label(id(item)),
      }}
      wrapLines
      header={
        <Header
          counter={counted(items.length, next !== undefined || page > 1, selected?.length ?? 0)}
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
            countText={wanted === "" ? "" : t.table.truncated(items.length)}
            onChange={({ detail }) => setTyped(detail.filteringText)}
            onDelayedChange={({ detail }) => {
              setWanted(detail.filteringText);
              setPage(1);
            }}
          />
          {props.filter}
        </div>
      }
      pagination={
        wanted === "" && (
          <Pagination
            currentPageIndex={page}
            pagesCount={Math.max(markers.length, page)}
            openEnd={next !== undefined || page < markers.length}
            onChange={({ detail }) => turn(detail.currentPageIndex)}
            ariaLabels={{
              nextPageLabel: t.table.next,
              previousPageLabel: t.table.previous,
              pageLabel: t.table.page,
            }}
          />
        )
      }
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
