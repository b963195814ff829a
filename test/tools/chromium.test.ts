import { ensureChromium } from "../../local/tools/chromium";
import { fakeSystem, silenceProgress } from "./fake-system";

silenceProgress();

it("takes the one on PATH, or the one that LOF_CHROMIUM names", async () => {
  const path = { "google-chrome": "/opt/chrome", "my-chrome": "/home/me/chrome" };

  expect(await ensureChromium(fakeSystem({ path }))).toBe("/opt/chrome");
  expect(await ensureChromium(fakeSystem({ path, env: { LOF_CHROMIUM: "my-chrome" } }))).toBe(
    "/home/me/chrome",
  );
  const file = fakeSystem({ path, files: ["/a/b"], env: { LOF_CHROMIUM: "/a/b" } });
  expect(await ensureChromium(file)).toBe("/a/b");
});

it("says how to get one", async () => {
  await expect(ensureChromium(fakeSystem())).rejects.toThrow(
    /none on PATH.*apt-get install chromium.*LOF_CHROMIUM/,
  );
  const wrong = fakeSystem({ env: { LOF_CHROMIUM: "netscape" } });
  await expect(ensureChromium(wrong)).rejects.toThrow('LOF_CHROMIUM is "netscape", which is no program.');
});
