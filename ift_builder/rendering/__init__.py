"""Dataset templates met with rows: compile, bind to columns, lint, draw exemplars; and the shipped catalogue.

The states of a template, in order::

    formats.template_set.TemplateText   as its file has it
    compiled.CompiledTemplate           ready to render
    bound.BoundTemplate                 met with a dataset's columns
    template_rows.Rows                  a batch's values for it
    compiled.Draft                      what one row became
"""
