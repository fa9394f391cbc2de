"""Serves Mermaid from the website itself, to the pages that have a diagram. The theme would load it from another host."""

import os

from mkdocs.structure.files import File
from mkdocs.utils import get_relative_url

MERMAID = "assets/javascripts/mermaid.min.js"


def on_files(files, config):
    files.append(File.generated(config, MERMAID, abs_src_path=os.environ["KHIPU_MERMAID"]))
    return files


def on_page_content(html, page, config, files):
    if '<pre class="mermaid">' not in html:
        return html
    return f'{html}\n<script src="{get_relative_url(MERMAID, page.url)}"></script>'
