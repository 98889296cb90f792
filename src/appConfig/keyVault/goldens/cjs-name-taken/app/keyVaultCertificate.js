// Something of the app.
