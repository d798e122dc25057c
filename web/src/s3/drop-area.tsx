import { useEffect, useState, type DragEvent, type ReactNode } from "react";
import { t } from "../strings/en";
import { filesOf, type LocalUpload } from "./dropped";

const isFiles = (event: { dataTransfer: DataTransfer | null }): boolean =>
  event.dataTransfer?.types.includes("Files") ?? false;

interface DropAreaProps {
  onFiles: (files: LocalUpload[]) => void;
  children: ReactNode;
}

/** Takes files and folders that are dropped on it; beside it a dropped file changes nothing. */
export function DropArea({ onFiles, children }: DropAreaProps) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    // The browser would leave the page and show the file.
    const ignore = (event: globalThis.DragEvent) => isFiles(event) && event.preventDefault();
    window.addEventListener("dragover", ignore);
    window.addEventListener("drop", ignore);
    return () => {
      window.removeEventListener("dragover", ignore);
      window.removeEventListener("drop", ignore);
    };
  }, []);
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const files = await filesOf(event.dataTransfer);
    if (files.length > 0) onFiles(files);
  };
  return (
    <div
      className={over ? "drop-area over" : "drop-area"}
      data-hint={t.s3.upload.dropHere}
      onDragOver={(event) => {
        event.preventDefault();
        if (isFiles(event)) setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => void drop(event)}
    >
      {children}
    </div>
  );
}
