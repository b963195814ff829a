/** Zip files with one entry, which is all that a provider package needs. */
import * as fs from "node:fs";
import { crc32, deflateRawSync } from "node:zlib";

/** Writes a zip file that holds one executable file. */
export function writeZip(zipFile: string, name: string, content: Buffer): void {
  const packed = deflateRawSync(content);
  const entryName = Buffer.from(name);
  // Fields that the local and the central header share, from "version needed" (2.0) to "extra field length".
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt16LE(8, 4); // deflate
  shared.writeUInt16LE(0x21, 8); // 1980-01-01, so that equal builds give equal files
  shared.writeUInt32LE(crc32(content), 10);
  shared.writeUInt32LE(packed.length, 14);
  shared.writeUInt32LE(content.length, 18);
  shared.writeUInt16LE(entryName.length, 22);

  const local = Buffer.concat([Buffer.from("PK\x03\x04"), shared, entryName]);
  const attributes = Buffer.alloc(14);
  attributes.writeUInt32LE((0o100755 << 16) >>> 0, 6);
  const madeByUnix = Buffer.from([20, 3]);
  const central = Buffer.concat([Buffer.from("PK\x01\x02"), madeByUnix, shared, attributes, entryName]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length + packed.length, 16);
  fs.writeFileSync(zipFile, Buffer.concat([local, packed, central, end]));
}
