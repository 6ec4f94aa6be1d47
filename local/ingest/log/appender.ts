import { open } from "node:fs/promises";

/** What the log asks of a file: a part of Node's `FileHandle`, so that a test can have a disk that fails. */
export interface LogFile {
  writev(buffers: readonly Uint8Array[]): Promise<{ bytesWritten: number }>;
  datasync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

export type OpenLogFile = (path: string) => Promise<LogFile>;

/** Opens a file to write at its end. */
export const openLogFile: OpenLogFile = (path) => open(path, "a");

/** One open segment: what was appended is on the disk, or the segment is as it was before. */
export class SegmentAppender {
  private readonly file: LogFile;
  size = 0;

  private constructor(file: LogFile) {
    this.file = file;
  }

  static async create(path: string, openFile: OpenLogFile): Promise<SegmentAppender> {
    return new SegmentAppender(await openFile(path));
  }

  /**
   * Appends in one write and one sync.
   * @throws the disk's error; nothing of this call is left then
   */
  async append(buffers: readonly Uint8Array[]): Promise<void> {
    const length = buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0);
    try {
      const { bytesWritten } = await this.file.writev(buffers);
      if (bytesWritten < length) throw new Error(`only ${bytesWritten} of ${length} bytes were written`);
      await this.file.datasync();
    } catch (error) {
      await this.file.truncate(this.size);
      throw error;
    }
    this.size += length;
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
