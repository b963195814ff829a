/** What tests ask a page in the browser: functions on `window.probes`, with plain data as answers. */
window.probes = {
  /** Pairs of texts in the shown charts that cover each other. */
  overlaps() {
    const found = [];
    for (const chart of this.charts()) {
      const texts = [...chart.querySelectorAll("text")]
        .filter((text) => text.textContent.trim() !== "")
        .map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
      texts.forEach(({ text, box: a }, i) => {
        for (const { text: other, box: b } of texts.slice(i + 1)) {
          const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
          const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
          // Boxes are as high as a line; letters are not.
          if (width > 1 && height > a.height / 4) found.push(`${text} / ${other}`);
        }
      });
    }
    return found;
  },

  /** Texts of the shown charts that reach out of the window. */
  cut() {
    return this.charts()
      .flatMap((chart) => [...chart.querySelectorAll("text")])
      .filter((text) => {
        const { left, right, width } = text.getBoundingClientRect();
        return width > 0 && (left < 0 || right > document.documentElement.clientWidth);
      })
      .map((text) => text.textContent);
  },

  /** Texts of the shown charts with less contrast to the page than WCAG 2.2 AA asks for (4.5 to 1). */
  faint() {
    const background = luminance(getComputedStyle(document.body).backgroundColor);
    return this.charts()
      .flatMap((chart) => [...chart.querySelectorAll("text:not(.inverse)")])
      .filter((text) => contrast(luminance(getComputedStyle(text).fill), background) < 4.5)
      .map((text) => text.textContent);
  },

  charts() {
    return [...document.querySelectorAll("svg.chart")].filter((chart) => chart.getClientRects().length > 0);
  },

  chartCount() {
    return this.charts().length;
  },

  scrolls() {
    return document.documentElement.scrollWidth > document.documentElement.clientWidth;
  },

  background() {
    return getComputedStyle(document.body).backgroundColor;
  },

  /** Where the keyboard is: the figure, and what in it. */
  focus() {
    const { activeElement: element } = document;
    return {
      figure: element.closest("figure")?.id ?? "",
      text: element.textContent.trim(),
      tag: element.tagName,
    };
  },

  column(index) {
    return [...document.querySelectorAll(".profiles tbody tr")].map((row) =>
      row.children[index].textContent.trim(),
    );
  },

  /** Charts' marks that are dimmed, and those that are not, as classes of profiles. */
  shown() {
    const marks = [...document.querySelectorAll("svg.chart .p")];
    return [
      ...new Set(
        marks
          .filter((mark) => !mark.classList.contains("dimmed"))
          .map((mark) => /\bp\d+\b/.exec(mark.getAttribute("class"))?.[0]),
      ),
    ];
  },

  async distinctColours(base64) {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), {
      width: image.width,
      height: image.height,
    });
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    return new Set(new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer)).size;
  },
};

function luminance(colour) {
  const [r, g, b] = colour.match(/[\d.]+/g).map((part) => {
    const value = Number(part) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a, b) {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
