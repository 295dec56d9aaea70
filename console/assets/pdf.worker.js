// Reads PDFs beside the page, without a way to any server or to the page's own elements.

import "pdfjs-dist/legacy/build/pdf.worker.mjs";
