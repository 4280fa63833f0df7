// Makes the program's own web view answer WebDriver: Wails has no hook for it. Test only, never shipped.
#include <webkit2/webkit2.h>

static GtkWidget *view;

static WebKitWebView *view_for_session(WebKitAutomationSession *s, gpointer d) { return WEBKIT_WEB_VIEW(view); }

static void started(WebKitWebContext *c, WebKitAutomationSession *s, gpointer d) {
  g_signal_connect(s, "create-web-view", G_CALLBACK(view_for_session), NULL);
}

GtkWidget *webkit_web_view_new_with_user_content_manager(WebKitUserContentManager *m) {
  WebKitWebContext *c = webkit_web_context_get_default();
  webkit_web_context_set_automation_allowed(c, TRUE);
  g_signal_connect(c, "automation-started", G_CALLBACK(started), NULL);
  return view = GTK_WIDGET(g_object_new(WEBKIT_TYPE_WEB_VIEW, "web-context", c, "user-content-manager", m,
                                        "is-controlled-by-automation", TRUE, NULL));
}
