using System.Net;
using System.Text.Json.Nodes;
using CovidCt.Imaging;
using CovidCt.Tests;
using Deque.AxeCore.Commons;

namespace CovidCt.AspNetCore.Tests;

/// <summary>The page as a browser has it, and as who has no mouse uses it.</summary>
[Trait("Category", "Long")]
public sealed class PageInBrowserTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    [InlineData(390, false)]
    [InlineData(390, true)]
    public async Task A_slice_is_uploaded_and_its_map_seen_by_keyboard_alone(int width, bool isDark)
    {
        Assert.SkipWhen(Browser.Program is null, "COVIDCT_CHROMIUM is not set, and no chromium is on the PATH.");
        using var folder = new TemporaryFolder();
        var file = folder.Write("Mustermann-Erika.png", TestImages.GrayPng(Slice()));
        await using var service = await TestService.Start();
        await service.Until("/health/ready", HttpStatusCode.OK);
        await using var browser = await Browser.Start(Token);
        await browser.Open(new Uri(service.Address, "/ct"), width, 900, isDark, Token);
        await Until(browser, "document.getElementById('model').textContent.includes('stub tells non-COVID from COVID')");
        await AssertAccessible(browser);

        await browser.Choose(file, Token);
        await Press(browser, "Tab", "file");
        await browser.Press("Enter", Token);
        await Until(browser, "document.getElementById('file').files.length === 1");
        await Press(browser, "Tab", "send");
        await browser.Press("Enter", Token);
        await Until(browser, "document.activeElement.id === 'result'");
        await Until(browser, "['slice', 'map'].every(id => { const i = document.getElementById(id); return i.complete && i.naturalWidth === 64; })");
        Assert.Equal("The network answers: non-COVID", await Text(browser, "document.getElementById('label').textContent"));
        Assert.Equal("Where the network saw non-COVID", await Text(browser, "document.getElementById('map').alt"));
        Assert.Equal("0.6", await Text(browser, "getComputedStyle(document.getElementById('map')).opacity"));
        TestContext.Current.AddAttachment($"page-{width}-{(isDark ? "dark" : "light")}.png", await browser.Picture(Token), "image/png");
        await AssertAccessible(browser);

        await Press(browser, "Tab", "opacity");
        await browser.Press("Home", Token);
        Assert.Equal("0|0 %", await Text(browser, "getComputedStyle(document.getElementById('map')).opacity + '|' + document.getElementById('strength').textContent"));
        await browser.Press("ArrowRight", Token);
        Assert.Equal("0.05", await Text(browser, "getComputedStyle(document.getElementById('map')).opacity"));

        Assert.Equal("0", await Text(browser, "document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        Assert.Empty(browser.Complaints);
        Assert.All(browser.Requests, address => Assert.True(
            address.StartsWith(service.Address.AbsoluteUri, StringComparison.Ordinal) || address.StartsWith("data:", StringComparison.Ordinal), address));
        Assert.DoesNotContain("Mustermann", service.Log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_said_and_the_next_slice_is_answered_about()
    {
        Assert.SkipWhen(Browser.Program is null, "COVIDCT_CHROMIUM is not set, and no chromium is on the PATH.");
        using var folder = new TemporaryFolder();
        await using var service = await TestService.Start();
        await using var browser = await Browser.Start(Token);
        await browser.Open(new Uri(service.Address, "/ct"), 390, 900, isDark: false, Token);
        await browser.Choose(folder.Write("notes.txt", "Some text."), Token);
        await Press(browser, "Tab", "file");
        await browser.Press("Enter", Token);
        await Until(browser, "document.getElementById('file').files.length === 1");
        await Press(browser, "Tab", "send");
        await browser.Press("Enter", Token);
        await Until(browser, "document.getElementById('problem').textContent === 'The file is text, not an image.'");
        await AssertAccessible(browser);
    }

    private static GrayImage Slice() => new(64, 48, [.. Enumerable.Range(0, 64 * 48).Select(i => (byte)(i % 64 * 3))]);

    private static async Task AssertAccessible(Browser browser)
    {
        await browser.Evaluate($"{new BundledAxeScriptProvider().GetScript()}; true", Token);
        var found = await browser.Evaluate(
            "axe.run().then(r => r.violations.concat(r.incomplete.filter(i => i.id !== 'color-contrast')).map(v => v.id + ': ' + v.help + ' ' + v.nodes.map(n => n.html).join(' ')))", Token);
        Assert.Empty(found!.AsArray().Select(violation => violation!.GetValue<string>()));
    }

    private static async Task Press(Browser browser, string key, string focus)
    {
        await browser.Press(key, Token);
        Assert.Equal(focus, await Text(browser, "document.activeElement.id"));
    }

    private static async Task<string> Text(Browser browser, string expression) => (await browser.Evaluate($"String({expression})", Token))!.GetValue<string>();

    private static async Task Until(Browser browser, string condition)
    {
        for (var attempt = 0; !(await browser.Evaluate(condition, Token) is JsonValue value && value.TryGetValue<bool>(out var holds) && holds); attempt++)
        {
            Assert.True(attempt < 600, condition);
            await Task.Delay(50, Token);
        }
    }
}
