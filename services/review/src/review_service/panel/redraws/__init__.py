"""重新抽取: one person proposes to dissolve a panel and draw the case again, another one decides."""
