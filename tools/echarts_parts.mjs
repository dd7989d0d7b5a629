// The parts of Apache ECharts that Lika ships (tools/vendor_assets.py bundles them): a chart of another kind
// needs its part added here. A page that loads this pays for all of it.
import * as core from "echarts/core";
import {
  BarChart, CustomChart, FunnelChart, HeatmapChart, LineChart, MapChart, PieChart, RadarChart, ScatterChart, TreemapChart,
} from "echarts/charts";
import {
  AriaComponent, DataZoomComponent, DatasetComponent, GeoComponent, GraphicComponent, GridComponent, LegendComponent,
  MarkAreaComponent, MarkLineComponent, MarkPointComponent, RadarComponent, TitleComponent, TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import { LabelLayout, LegacyGridContainLabel } from "echarts/features";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";

core.use([
  BarChart, CustomChart, FunnelChart, HeatmapChart, LineChart, MapChart, PieChart, RadarChart, ScatterChart, TreemapChart,
  AriaComponent, DataZoomComponent, DatasetComponent, GeoComponent, GraphicComponent, GridComponent, LegendComponent,
  MarkAreaComponent, MarkLineComponent, MarkPointComponent, RadarComponent, TitleComponent, TooltipComponent,
  VisualMapComponent, LabelLayout, LegacyGridContainLabel, CanvasRenderer, SVGRenderer,
]);

export * from "echarts/core";
