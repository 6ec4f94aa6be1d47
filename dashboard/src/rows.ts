/** The rows of the endpoints, as generated from the datafiles. Types only: nothing of the SDK is in the page. */
export type {
  BestTimeHeatmapRow,
  BreakdownRow,
  DataQualityRow,
  EngagementTimeseriesRow,
  InteractionsByPlatformRow,
  LivePulseRow,
  PlatformEngagementRow,
  RecentInteractionsRow,
  TrendingContentRow,
  TrendingTagsRow,
} from "../../sdk/src/schema.generated.ts";
