import SpaceBetween from "@cloudscape-design/components/space-between";
import type { TableProps } from "@cloudscape-design/components/table";
import { useState, type ReactNode } from "react";
import { useNavigate } from "react-router";
import type { Pager } from "../api/walk";
import { t } from "../strings/en";
import { Guarded } from "./guard";
import { PagedTable } from "./paged-table";
import { Page, type Crumb } from "./page";
import type { Action } from "./rights";
import { RouterLink } from "./router-link";

export type Column<T> = TableProps.ColumnDefinition<T>;

interface Words {
  title: string;
  description: string;
  create: string;
  search: string;
  empty: string;
  emptyHelp: string;
}

interface ListPageProps<T> {
  words: Words;
  /** Names the list among the queries. */
  list: readonly unknown[];
  pager: Pager<T>;
  name: (item: T) => string;
  nameHeader: string;
  path: (item: T) => string;
  /** What is told beside the name. */
  columns: Column<T>[];
  trail: Crumb[];
  create: { path: string; needs: Action; older?: string };
  deletion: {
    needs: Action;
    /** False where it is not the account's to delete. */
    allowed?: (item: T) => boolean;
    dialog: (item: T, onDone: () => void, onCancel: () => void) => ReactNode;
  };
  filter?: ReactNode;
}

/** All resources of one kind: found, created, and one of them deleted. */
export function ListPage<T>({ words, name, path, create, deletion, ...props }: ListPageProps<T>) {
  const navigate = useNavigate();
  const [selected, setSelected] = useState<T[]>([]);
  const [deleting, setDeleting] = useState(false);
  const chosen = selected[0];
  const deletable = chosen !== undefined && (deletion.allowed?.(chosen) ?? true);
  const createButton = (
    <Guarded needs={create.needs} older={create.older} variant="primary" onClick={() => void navigate(create.path)}>
      {words.create}
    </Guarded>
  );
  const close = () => setDeleting(false);
  const done = () => {
    setSelected([]);
    close();
  };
  return (
    <Page title={words.title} trail={props.trail} description={words.description}>
      <PagedTable
        key={JSON.stringify(props.list)}
        list={props.list}
        pager={props.pager}
        id={name}
        text={name}
        title={words.title}
        searchLabel={words.search}
        selection="single"
        selected={selected}
        onSelect={setSelected}
        filter={props.filter}
        empty={{ title: words.empty, help: words.emptyHelp, action: createButton }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Guarded needs={deletion.needs} disabled={!deletable} onClick={() => setDeleting(true)}>
              {t.actions.delete}
            </Guarded>
            {createButton}
          </SpaceBetween>
        }
        columns={[
          {
            id: "name",
            header: props.nameHeader,
            isRowHeader: true,
            cell: (item) => <RouterLink to={path(item)}>{name(item)}</RouterLink>,
          },
          ...props.columns,
        ]}
      />
      {deleting && chosen !== undefined && deletion.dialog(chosen, done, close)}
    </Page>
  );
}
