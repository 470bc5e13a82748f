/// How pages look: by the reader's preference light or dark, and on a screen of any width.
enum Style {
    // No characters that HTML would escape: the sheet is written as text.
    static let sheet = """
        :root{color-scheme:light dark;--page:#f6f7f9;--card:#ffffff;--text:#1b2430;--dim:#5b6675;--rule:#dfe3e8;\
        --grid:#e9ecf0;--heat:37,99,235;--good:#0a7d4f;--bad:#c02626;--warn:#fff6db;--warn-rule:#e6c04d;\
        --k0:#2563eb;--k1:#d9620b;--k2:#0f9960;--k3:#c2255c;--k4:#7c3aed;--k5:#0b8a9c;--k6:#8a6d1d;--k7:#64748b}
        @media (prefers-color-scheme:dark){:root{--page:#12161c;--card:#1a2028;--text:#e4e8ee;--dim:#9aa6b5;\
        --rule:#303946;--grid:#262e39;--heat:96,160,255;--good:#4cc38a;--bad:#ff7b72;--warn:#332b12;\
        --warn-rule:#8a6f1f;--k0:#6ea8ff;--k1:#ff9f57;--k2:#4cc38a;--k3:#ff7eb0;--k4:#b79bff;--k5:#4dc7d9;\
        --k6:#d9b95c;--k7:#94a3b8}}
        *{box-sizing:border-box}
        body{margin:0 auto;padding:20px 16px 48px;max-width:1120px;background:var(--page);color:var(--text);\
        font:15px/1.5 system-ui,-apple-system,Segoe UI,Roboto,DejaVu Sans,sans-serif}
        header{margin:4px 0 16px}
        h1{font-size:26px;line-height:1.25;margin:0;overflow-wrap:anywhere}
        h2{font-size:18px;margin:0 0 12px}
        h3{font-size:15px;margin:0 0 4px}
        header p{margin:4px 0 0;color:var(--dim);overflow-wrap:anywhere}
        section{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:16px;margin:0 0 16px}
        .grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,400px),1fr));gap:20px 28px}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:12px;margin:0 0 16px}
        .tile{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:12px 14px;\
        display:flex;flex-direction:column;color:var(--dim);font-size:13px}
        .tile .value{font-size:22px;line-height:1.3;color:var(--text);font-variant-numeric:tabular-nums;\
        overflow-wrap:anywhere}
        figure{margin:0;min-width:0}
        svg{display:block;width:100%;height:auto}
        svg text{font-size:12px;fill:var(--dim)}
        @media (max-width:460px){svg text{font-size:15px}body{padding:14px 10px 32px}section{padding:12px}\
        .matrix td,.matrix th{padding:4px 5px}.matrix td{min-width:28px}}
        line.rule{stroke:var(--grid)}
        line.axis{stroke:var(--dim)}
        .curve{fill:none;stroke-width:2;stroke-linejoin:round}
        .legend{display:flex;flex-wrap:wrap;gap:2px 16px;margin:0 0 6px;font-size:13px;color:var(--dim)}
        .legend b{color:var(--text);font-weight:600;font-variant-numeric:tabular-nums}
        .swatch{display:inline-block;width:11px;height:11px;border-radius:3px}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums}
        th{text-align:left;font-weight:600}
        td,th{padding:4px 10px 4px 0;vertical-align:top}
        .facts{width:100%}
        .facts th{color:var(--dim);font-weight:400;width:10em}
        .facts td{overflow-wrap:anywhere}
        .facts tr+tr{border-top:1px solid var(--grid)}
        .list td,.list th{padding:4px 14px 4px 0;border-bottom:1px solid var(--grid);white-space:nowrap}
        .list td.number,.list th.number{text-align:right}
        .matrix{font-size:13px}
        .matrix td,.matrix th{padding:5px 7px;text-align:right;white-space:nowrap}
        .matrix td{min-width:34px;border:1px solid var(--card);border-radius:4px}
        .matrix thead th{color:var(--dim)}
        .matrix .corner{font-weight:400;text-align:left;color:var(--dim);white-space:normal;min-width:5em}
        .passed{color:var(--good);font-weight:600}
        .failed{color:var(--bad);font-weight:600}
        .dim{color:var(--dim)}
        .warning{background:var(--warn);border:1px solid var(--warn-rule);border-radius:8px;padding:8px 12px;\
        margin:0 0 8px;overflow-wrap:anywhere;white-space:pre-wrap}
        .samples{display:grid;grid-template-columns:repeat(auto-fill,minmax(112px,1fr));gap:12px}
        .samples.wide{grid-template-columns:repeat(auto-fill,minmax(min(100%,300px),1fr))}
        .sample{border:1px solid var(--rule);border-radius:8px;padding:8px;font-size:13px;min-width:0;\
        overflow-wrap:anywhere}
        .sample img{display:block;width:100%;height:auto;image-rendering:pixelated;border-radius:4px;\
        margin-bottom:6px;background:#808080}
        .sample p{margin:0}
        .sample .facts{font-size:12px;margin-bottom:6px}
        .sample .facts th{width:45%}
        pre{margin:0;overflow-x:auto;font:13px/1.5 ui-monospace,DejaVu Sans Mono,Menlo,monospace;tab-size:2}
        .changed{background:var(--warn)}
        summary{cursor:pointer;margin:14px 0 8px;font-weight:600}
        .bar{display:flex;height:14px;border-radius:4px;overflow:hidden;margin:0 0 10px}
        .bar span{min-width:1px}
        """
        + (0..<LineChart.colours).map {
            "\n.b\($0){background:var(--k\($0));fill:var(--k\($0))}.c\($0){stroke:var(--k\($0))}"
        }
        .joined()
}
