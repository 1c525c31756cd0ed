"""推荐意见: what each recommender decided and why, kept beside the application."""
