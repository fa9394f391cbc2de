# What KHIPU_POLICY_ENGINE_URL=http://localhost:8181/v1/data/khipu/decision answers.
package khipu

# The constitution allows it already: here is only what this house adds. No reason against it allows.
decision := {"allow": count(reasons) == 0, "reasons": sort(reasons)}

known := {"demo": {"guide", "analyst"}, "acme": {"guide"}}

reasons contains "tenant-not-known" if not known[input.tenant]

# Outside of sessions there is no persona.
reasons contains "persona-not-for-this-tenant" if {
	input.persona != ""
	known[input.tenant]
	not input.persona in known[input.tenant]
}

reasons contains "too-long-for-a-program" if {
	startswith(input.principal, "api_key:")
	input.prompt_chars > 2000
}
