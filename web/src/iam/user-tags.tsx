import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client";
import { useAction } from "../common/action";
import { Failure } from "../common/failure";
import { Guarded } from "../common/guard";
import { Nothing } from "../common/paged-table";
import { ShowAsCode } from "../common/show-code";
import { TagsEditor, type Tag } from "../common/tags";
import { t } from "../strings/en";

const s = t.iam.user;

export function UserTags({ user }: { user: string }) {
  const [editing, setEditing] = useState(false);
  const query = useQuery({
    queryKey: ["user-tags", user],
    queryFn: async () => (await call("iam", "ListUserTags", { UserName: user, MaxItems: 50 })).Tags,
  });
  const tags = query.data ?? [];
  return (
    <>
      <Table
        items={tags}
        trackBy="Key"
        loading={query.isLoading}
        loadingText={t.table.loading}
        ariaLabels={{ tableLabel: t.tags.title }}
        header={
          <Header
            counter={`(${tags.length})`}
            actions={
              <Guarded needs={["iam:TagUser", "iam:UntagUser"]} onClick={() => setEditing(true)}>
                {s.manageTags}
              </Guarded>
            }
          >
            {t.tags.title}
          </Header>
        }
        empty={
          query.error === null ? <Nothing title={s.noTags} help={s.noTagsHelp} /> : <Failure error={query.error} />
        }
        columnDefinitions={[
          { id: "key", header: t.tags.key, isRowHeader: true, cell: (tag) => tag.Key },
          { id: "value", header: t.tags.value, cell: (tag) => tag.Value },
        ]}
      />
      {editing && <EditTags user={user} before={tags} onClose={() => setEditing(false)} />}
    </>
  );
}

function EditTags({ user, before, onClose }: { user: string; before: Tag[]; onClose: () => void }) {
  const action = useAction();
  const [tags, setTags] = useState(before);
  const save = async () => {
    const kept = tags.filter((tag) => tag.Key !== "");
    const gone = before.map((tag) => tag.Key).filter((key) => !kept.some((tag) => tag.Key === key));
    const done = await action.run(async () => {
      if (gone.length > 0) await call("iam", "UntagUser", { UserName: user, TagKeys: gone });
      if (kept.length > 0) await call("iam", "TagUser", { UserName: user, Tags: kept });
    });
    if (done) onClose();
  };
  return (
    <Modal
      visible
      header={s.manageTags}
      closeAriaLabel={t.actions.close}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t.actions.cancel}
            </Button>
            <Button variant="primary" loading={action.busy} onClick={() => void save()}>
              {t.actions.save}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Failure error={action.error} />
        <TagsEditor tags={tags} onChange={setTags} />
        <ShowAsCode calls={[{ service: "iam", operation: "TagUser", input: { UserName: user, Tags: tags } }]} />
      </SpaceBetween>
    </Modal>
  );
}
