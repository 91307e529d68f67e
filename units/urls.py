from django.urls import path

from units.views import doors

app_name = "units"
urlpatterns = [
    path("login/", doors.LoginView.as_view(), name="login"),
    path("logout/", doors.logout_view, name="logout"),
    path("password/", doors.PasswordChangeView.as_view(), name="password_change"),
    path("activate/", doors.ActivationView.as_view(), name="activate"),
    path("activate/<str:code>/", doors.ActivationView.as_view(), name="activate_with_code"),
]
