"""Addresses of casework."""

from django.urls import path

from lika.casework.views import acts, batches, campaigns, common, days, effect, indicators, quotas

app_name = "casework"
urlpatterns = [
    path("", common.work, name="work"),
    path("campaigns/", quotas.campaigns, name="campaigns"),
    path("campaigns/new/", quotas.open_campaign, name="campaign-new"),
    path("campaigns/<uuid:pk>/", quotas.campaign, name="campaign"),
    path("campaigns/<uuid:pk>/propose/", quotas.propose, name="quota-propose"),
    path("campaigns/<uuid:pk>/change/", quotas.change, name="quota-change"),
    path("campaigns/<uuid:pk>/publish/", quotas.publish, name="quota-publish"),
    path("campaigns/<uuid:pk>/take-back/", quotas.take_back, name="quota-take-back"),
    path("campaigns/<uuid:pk>/size/", quotas.change_size, name="campaign-size"),
    path("campaigns/<uuid:pk>/lock/", quotas.lock, name="campaign-lock"),
    path("campaigns/<uuid:pk>/annex-1/", quotas.annex_1, name="annex-1"),
    path("campaigns/<uuid:pk>/cases/", campaigns.campaign_cases, name="campaign-cases"),
    path("campaigns/<uuid:pk>/cases/begin/", campaigns.begin, name="campaign-begin"),
    path("campaigns/<uuid:pk>/cases/deadline/", campaigns.deadline, name="campaign-deadline"),
    path("campaigns/<uuid:pk>/cases/take-in/", campaigns.take_in, name="campaign-take-in"),
    path("batches/<uuid:pk>/apply/", campaigns.apply, name="batch-apply"),
    path("batches/<uuid:pk>/propose/", campaigns.notice, name="batch-notice"),
    path("batches/<uuid:pk>/screen-again/", batches.screen_again, name="batch-rescreen"),
    path("batches/", batches.batches, name="batches"),
    path("batches/<uuid:pk>/", batches.batch, name="batch"),
    path("batches/<uuid:pk>/decide/", acts.decide, name="batch-decide"),
    path("batches/<uuid:pk>/leave-out/", acts.leave_out, name="batch-leave-out"),
    path("batches/<uuid:pk>/meeting/", acts.record_meeting, name="meeting-record"),
    path("batches/<uuid:pk>/meeting/close/", acts.close_meeting, name="meeting-close"),
    path("batches/<uuid:pk>/survey/", acts.record_survey, name="survey-record"),
    path("batches/<uuid:pk>/answers/", acts.record_answers, name="answers-record"),
    path("batches/<uuid:pk>/answers/close/", acts.close_answers, name="answers-close"),
    path("batches/<uuid:pk>/papers/", acts.add_evidence, name="evidence-add"),
    path("evidence/<uuid:pk>/withdraw/", acts.withdraw_evidence, name="evidence-withdraw"),
    path("cases/<uuid:pk>/", batches.case, name="case"),
    path("batches/<uuid:pk>/announce/", effect.announce, name="announce"),
    path("batches/<uuid:pk>/hold-back/", effect.hold_back, name="hold-back"),
    path("cases/<uuid:pk>/indicators/draw/", indicators.draw, name="indicators-draw"),
    path("cases/<uuid:pk>/indicators/", indicators.enter, name="indicators-enter"),
    path("rolling-plan/", quotas.rolling_plan, name="rolling"),
    path("workdays/", days.workdays, name="workdays"),
    path("workdays/set/", days.set_day, name="workday-set"),
    path("workdays/<uuid:pk>/drop/", days.drop_day, name="workday-drop"),
    path("workdays/confirm/", days.confirm_year, name="year-confirm"),
    path("workdays/years/<uuid:pk>/reopen/", days.reopen_year, name="year-reopen"),
]
