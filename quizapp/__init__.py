"""quizapp: quizzes and courses in the browser. It imports nothing; `quizapp.app` makes the application."""
