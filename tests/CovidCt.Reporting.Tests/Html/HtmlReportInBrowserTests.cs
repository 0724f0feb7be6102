using System.Text;
using System.Text.RegularExpressions;
using CovidCt.Records;
using CovidCt.Reporting.Html;
using CovidCt.Tests;

namespace CovidCt.Reporting.Tests.Html;

/// <summary>The report as a browser has it.</summary>
[Trait("Category", "Long")]
public sealed partial class HtmlReportInBrowserTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(360, false)]
    [InlineData(768, false)]
    [InlineData(1280, false)]
    [InlineData(360, true)]
    [InlineData(1280, true)]
    public async Task Nothing_is_missing_or_cut_off_or_complained_of(int width, bool isDark)
    {
        using var sample = Written("COVID19-CT, a name that is long enough to need several lines on a telephone");
        await using var browser = await Opened(sample, width, isDark);

        Assert.Equal(width, await Number(browser, "innerWidth"));
        Assert.Equal(0, await Number(browser, "document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        Assert.True(await Number(browser, "document.images.length") > 20);
        Assert.Equal(0, await Number(browser, "[...document.images].filter(i => !(i.complete && i.naturalWidth > 0 && i.getBoundingClientRect().width > 0)).length"));

        // What is wider than the page lies in a box that scrolls; nothing else reaches over the edge.
        Assert.Equal("", await Text(
            browser,
            "[...document.body.querySelectorAll('*')].filter(e => !e.closest('.scroll') && !e.matches('.skip') && e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5).map(e => e.outerHTML.slice(0, 80)).join('\\n')"));

        // WCAG asks for a contrast of 4.5 between text and page.
        Assert.True(await Number(browser, ContrastOf("getComputedStyle(document.body).color")) >= 4.5);
        Assert.True(await Number(browser, ContrastOf("getComputedStyle(document.querySelector('.small')).color")) >= 4.5);
        Assert.Equal(isDark, await Number(browser, "getComputedStyle(document.body).backgroundColor.match(/\\d+/g)[0]") < 128);
        Assert.Empty(browser.Complaints);
        Assert.Equal([new Uri(sample.Report).AbsoluteUri], browser.Requests.Where(address => !address.StartsWith("data:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Tables_are_sorted_by_click_and_by_keyboard_with_the_unknown_below()
    {
        using var sample = Written("COVID19-CT");
        await using var browser = await Opened(sample, 1280, isDark: false);
        const string cells = "[...document.querySelectorAll('#table-2 tbody tr')].map(r => r.cells[3].textContent)", rows = "[...document.querySelectorAll('#table-2 tbody tr')]";
        var column = "[...document.querySelectorAll('#table-2 thead th')][3]";
        var before = await Texts(browser, cells);

        await browser.Evaluate($"{column}.querySelector('button').click()", Token);
        var descending = await Texts(browser, cells);
        Assert.Equal("descending", await Text(browser, $"{column}.getAttribute('aria-sort')"));
        Assert.Equal(before.Order(StringComparer.Ordinal), descending.Order(StringComparer.Ordinal));
        Assert.Equal(descending.OrderByDescending(Leading), descending);

        await browser.Evaluate($"{column}.querySelector('button').focus()", Token);
        await browser.Press("Enter", Token);
        Assert.Equal("ascending", await Text(browser, $"{column}.getAttribute('aria-sort')"));
        Assert.Equal(descending.OrderBy(Leading), await Texts(browser, cells));

        // The next heading is reached by Tab; both networks have a figure, one published row hasn't: it stays last.
        await browser.Evaluate($"[...document.querySelectorAll('#table-2 thead th')][6].querySelector('button').focus()", Token);
        await browser.Press("Tab", Token);
        await browser.Press("Enter", Token);
        await browser.Press("Enter", Token);
        Assert.Equal("ascending", await Text(browser, "[...document.querySelectorAll('#table-2 thead th')][7].getAttribute('aria-sort')"));
        Assert.Equal("—", (await Texts(browser, $"{rows}.map(r => r.cells[7].textContent)"))[^1]);

        await browser.Evaluate("[...document.querySelectorAll('#table-2 thead th')][0].querySelector('button').click()", Token);
        var names = await Texts(browser, $"{rows}.map(r => r.cells[0].textContent)");
        Assert.Equal(before.Count, names.Count);
        Assert.Equal(
            ["paper, best averages", "quoted by the paper", "resnet18", "same authors, CovidDenseNet", "squeezenet1_1"],
            names.Select(name => name.StartsWith("quoted by the paper", StringComparison.Ordinal) ? "quoted by the paper" : name).Distinct());
        Assert.Equal(1, await Number(browser, "document.querySelectorAll('#table-2 [aria-sort]').length"));
        Assert.Empty(browser.Complaints);

        static double Leading(string text) => double.Parse(text.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task The_report_can_be_printed_with_all_that_is_folded_away()
    {
        using var sample = Written("COVID19-CT");
        await using var browser = await Opened(sample, 1280, isDark: true);
        await browser.Evaluate("document.querySelectorAll('details').forEach(d => d.open = false)", Token);

        var pdf = await browser.Print(Token);

        Assert.StartsWith("%PDF-", Encoding.ASCII.GetString(pdf, 0, 5), StringComparison.Ordinal);
        Assert.InRange(Pages().Count(Encoding.Latin1.GetString(pdf)), 4, 20);
        Assert.Equal(0, await Number(browser, "document.querySelectorAll('details:not([open])').length"));
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Without_script_everything_is_there_to_read()
    {
        using var sample = Written("COVID19-CT");
        File.WriteAllText(sample.Report, Script().Replace(File.ReadAllText(sample.Report), ""));
        await using var browser = await Opened(sample, 768, isDark: false);
        Assert.Equal(0, await Number(browser, "document.querySelectorAll('button').length"));
        Assert.Equal("Network", await Text(browser, "document.querySelector('#table-2 th').innerText"));
        Assert.Empty(browser.Complaints);
    }

    private static SampleStudy Written(string dataset)
    {
        Assert.SkipWhen(Browser.Program is null, "COVIDCT_CHROMIUM is not set, and no chromium is on the PATH.");
        var sample = SampleStudy.Finished(dataset);
        new HtmlReport().Write(sample.Report, StudyReport.Read(sample.Folder));
        return sample;
    }

    private static async Task<Browser> Opened(SampleStudy sample, int width, bool isDark)
    {
        var browser = await Browser.Start(Token);
        await browser.Open(sample.Report, width, 800, isDark, Token);
        return browser;
    }

    private static async Task<double> Number(Browser browser, string expression) => (await browser.Evaluate($"Number({expression})", Token))!.GetValue<double>();

    private static async Task<string> Text(Browser browser, string expression) => (await browser.Evaluate($"String({expression})", Token))!.GetValue<string>();

    private static async Task<List<string>> Texts(Browser browser, string expression) =>
        [.. (await browser.Evaluate(expression, Token))!.AsArray().Select(item => item!.GetValue<string>())];

    /// <summary>The contrast ratio of WCAG 2 between a colour and the page.</summary>
    private static string ContrastOf(string colour) =>
        "(() => { const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };"
        + $" const [a, b] = [light({colour}), light(getComputedStyle(document.body).backgroundColor)]; return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05); }})()";

    [GeneratedRegex(@"/Type\s*/Page[^s]")]
    private static partial Regex Pages();

    [GeneratedRegex("<script>.*</script>", RegexOptions.Singleline)]
    private static partial Regex Script();
}
