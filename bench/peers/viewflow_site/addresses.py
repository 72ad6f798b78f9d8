"""One address space for each flow."""

from django.urls import path
from lineal.flows import FLOWS
from viewflow.contrib.auth import AuthViewset
from viewflow.urls import Site
from viewflow.workflow.flow import FlowAppViewset

site = Site(title="Bench", viewsets=[FlowAppViewset(flow, icon="task") for flow in FLOWS.values()])
urlpatterns = [path("accounts/", AuthViewset().urls), path("", site.urls)]
