/** A file of this machine, and its key below the prefix that it goes to. */
export interface LocalUpload {
  file: File;
  path: string;
}

export const plain = (files: readonly File[]): LocalUpload[] => files.map((file) => ({ file, path: file.name }));

/** Every file that was dropped, and every one in a folder that was, by its path from there. */
export async function filesOf(transfer: DataTransfer): Promise<LocalUpload[]> {
  // All of it is to be read before the first wait: afterwards the browser has emptied it.
  const files = [...transfer.files];
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  if (!entries.some((entry) => entry?.isDirectory)) return plain(files);
  const found: LocalUpload[] = [];
  for (const entry of entries) if (entry !== null) await collect(entry, "", found);
  return found;
}

async function collect(entry: FileSystemEntry, above: string, found: LocalUpload[]): Promise<void> {
  const path = above + entry.name;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ file, path });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A hundred at a time; none is the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const each of some) await collect(each, `${path}/`, found);
  }
}
