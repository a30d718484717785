namespace TargetProfiles.Tests;

/// <summary>Measures the contrast of text as WCAG 2 does.</summary>
internal static class Contrast
{
    /// <summary>A script that tells the texts of a page whose contrast is below 4.5 : 1, a line each.</summary>
    public const string TooLow = """
        (() => {
          const parts = colour => (colour.match(/[\d.]+/g) ?? []).map(Number);
          const channel = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
          const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
          const ground = element => {
            for (let at = element; at; at = at.parentElement) {
              const colour = parts(getComputedStyle(at).backgroundColor);
              if (colour.length === 3 || colour[3] === 1) return colour;
            }
            return matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255];
          };
          const low = new Set();
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (texts.nextNode()) {
            const element = texts.currentNode.parentElement;
            if (!texts.currentNode.textContent.trim() || !element.checkVisibility() || element.closest('svg, script, style, noscript')) continue;
            const one = luminance(parts(getComputedStyle(element).color)), other = luminance(ground(element));
            const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
            if (ratio < 4.5) low.add(`${ratio.toFixed(2)} ${texts.currentNode.textContent.trim()}`);
          }
          return [...low].join('\n');
        })()
        """;
}
