"""An events table as one page for an analyst: `adwar report events.parquet -o report.html`."""
