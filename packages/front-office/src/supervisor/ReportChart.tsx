import { useComputedColorScheme } from '@mantine/core';
import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { type ReactElement, useEffect, useRef } from 'react';
import { useFormat } from '../format/use-format.js';
import { axisText, chartData } from './chart-option.js';
import type { ReportTable } from './floor.js';

use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

/** The chart of a report; the table below it says the same to those who do not see it. */
export function ReportChart({ table }: { table: ReportTable }): ReactElement {
  const format = useFormat();
  const scheme = useComputedColorScheme('light');
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const chart = init(element);
    const { categories, series, units } = chartData(table, format);
    const style = getComputedStyle(element);
    const ink = style.getPropertyValue(scheme === 'dark' ? '--mantine-color-gray-4' : '--mantine-color-gray-8');
    const line = style.getPropertyValue('--caruso-line');
    const first = style.getPropertyValue('--mantine-primary-color-filled');
    chart.setOption({
      animation: false,
      aria: { enabled: true },
      color: [first, '#e08a00', '#2f9e44', '#ae3ec9', '#1c7ed6', '#c2255c', '#66a80f', '#7048e8'],
      textStyle: { fontFamily: style.fontFamily, color: ink },
      grid: { left: 8, right: 8, top: 36, bottom: 4, containLabel: true },
      legend: { top: 0, type: 'scroll', textStyle: { color: ink } },
      tooltip: { trigger: 'axis' },
      xAxis: {
        type: 'category',
        data: categories,
        axisLabel: { color: ink },
        axisLine: { lineStyle: { color: line } },
      },
      yAxis: units.map((unit, index) => ({
        type: 'value',
        position: index % 2 === 0 ? 'left' : 'right',
        axisLabel: { color: ink, formatter: (value: number) => axisText(value, unit, format) },
        splitLine: { show: index === 0, lineStyle: { color: line } },
      })),
      series: series.map((one) => ({
        ...one,
        symbolSize: 6,
        tooltip: { valueFormatter: (value: unknown) => axisText(value, units[one.yAxisIndex], format) },
      })),
    });
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [table, format, scheme]);
  return <div ref={place} className="chart" role="img" aria-label={table.label} />;
}
