// A zone file to try: a policy that needs more lookups than receivers make, with what it leads to.

export const exampleDomain = "zwaar.example";

export const exampleZone = `$ORIGIN example.
$TTL 3600
@                    IN SOA  ns.zwaar hostmaster.zwaar 2026112201 7200 3600 1209600 900
zwaar                IN TXT  ( "v=spf1 a mx a:oud.zwaar.example ip4:192.0.2.0/28 ip4:192.0.2.8/30 "
                               "include:_spf.kantoorpakket.example include:spf.nieuwspost.example "
                               "include:_spf.klantbeheer.example include:spf.helpdesk.example ~all" )
                     IN A    192.0.2.2
                     IN AAAA 2001:db8:1::2
                     IN MX   10 mx1.zwaar
mx1.zwaar            IN A    192.0.2.10
                     IN AAAA 2001:db8:1::10
_spf.kantoorpakket   IN TXT  "v=spf1 include:_spf1.kantoorpakket.example include:_spf2.kantoorpakket.example -all"
_spf1.kantoorpakket  IN TXT  "v=spf1 ip4:198.51.100.0/26 ip6:2001:db8:51::/48 -all"
_spf2.kantoorpakket  IN TXT  "v=spf1 ip4:198.51.100.96/28 -all"
spf.nieuwspost       IN TXT  "v=spf1 include:pool.nieuwspost.example ?all"
pool.nieuwspost      IN TXT  "v=spf1 ip4:198.51.100.128/28 -all"
_spf.klantbeheer     IN TXT  "v=spf1 include:_spf.wolkmail.example ip4:203.0.113.64/28 -all"
spf.helpdesk         IN TXT  "v=spf1 include:_spf.wolkmail.example -all"
_spf.wolkmail        IN TXT  "v=spf1 ip4:203.0.113.0/27 ip6:2001:db8:77::/48 -all"
`;
