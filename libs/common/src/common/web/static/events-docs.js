// Starts the AsyncAPI viewer over the document of this origin.
fetch("/asyncapi.json")
  .then((answer) => answer.text())
  .then((schema) => {
    AsyncApiStandalone.render(
      { schema, config: { show: { sidebar: true, errors: false }, sidebar: { showOperations: "byDefault" } } },
      document.getElementById("viewer"),
    );
  });
