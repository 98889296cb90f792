// Something else of the app.
