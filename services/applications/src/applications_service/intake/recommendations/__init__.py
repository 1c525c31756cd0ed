"""推荐意见: each recommender's decision with its reason, stored beside the application."""
