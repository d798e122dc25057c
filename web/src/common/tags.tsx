import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Input from "@cloudscape-design/components/input";
import { t } from "../strings/en";

export interface Tag {
  Key: string;
  Value: string;
}

export function TagsEditor({ tags, onChange }: { tags: Tag[]; onChange: (tags: Tag[]) => void }) {
  const edit = (index: number, part: Partial<Tag>) =>
    onChange(tags.map((tag, at) => (at === index ? { ...tag, ...part } : tag)));
  return (
    <AttributeEditor
      items={tags}
      addButtonText={t.tags.add}
      removeButtonText={t.actions.remove}
      removeButtonAriaLabel={(tag) => `${t.tags.remove} ${tag.Key}`}
      empty={t.tags.empty}
      additionalInfo={t.tags.limit}
      disableAddButton={tags.length >= 50}
      onAddButtonClick={() => onChange([...tags, { Key: "", Value: "" }])}
      onRemoveButtonClick={({ detail }) => onChange(tags.filter((_, index) => index !== detail.itemIndex))}
      definition={[
        {
          label: t.tags.key,
          control: (tag, index) => (
            <Input value={tag.Key} onChange={({ detail }) => edit(index, { Key: detail.value })} />
          ),
        },
        {
          label: t.tags.value,
          control: (tag, index) => (
            <Input value={tag.Value} onChange={({ detail }) => edit(index, { Value: detail.value })} />
          ),
        },
      ]}
    />
  );
}
